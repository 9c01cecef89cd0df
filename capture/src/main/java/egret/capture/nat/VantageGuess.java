// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the packets of an interface are seen, guessed from the machine's network and from what it translates.
 *
 * @param place where
 * @param sure whether traffic has shown it; otherwise only the configuration speaks for it
 * @param sourcesVisible whether each connection can be accounted to the one who opened it; if not, the words say what to do
 * @param words one sentence for the user, without a full stop
 */
public record VantageGuess(Place place, boolean sure, boolean sourcesVisible, String words) {
    /** As egret.capture.count.Vantage, with {@link #BOTH} beside: what is seen first there is the inside. */
    public enum Place {
        HOST,
        INSIDE,
        OUTSIDE,
        /** A NAT with a single interface, or all interfaces of one: each packet is seen before and after. */
        BOTH,
        MIRROR
    }

    /** Of so many packets most must have come in a tunnel to call it a mirror for sure. */
    private static final int ENOUGH_PACKETS = 100;

    private static final String ANY = "any";

    private static final List<String> CONTAINER_LINKS = List.of(
            "docker", "podman", "cni", "cbr", "kube", "flannel", "cilium", "vxlan.calico", "lxcbr", "lxdbr", "virbr");

    /**
     * Guesses; may be asked again when more was seen.
     *
     * @param packets seen so far
     * @param tunnelled of those, the ones that came inside VXLAN or GENEVE
     */
    public static VantageGuess of(String name, HostNetwork network, Conntrack conntrack, long packets, long tunnelled) {
        return of(
                name,
                network,
                conntrack.readable(),
                conntrack.counts().translated() > 0,
                conntrack.state(),
                packets >= ENOUGH_PACKETS && tunnelled * 2 > packets);
    }

    static VantageGuess of(
            String name, HostNetwork network, boolean readable, boolean translates, String state, boolean mirrored) {
        if (mirrored) {
            return new VantageGuess(
                    Place.MIRROR, true, true, name + " receives a mirror: most packets come inside VXLAN or GENEVE");
        }
        HostNetwork.Link link = network.link(name);
        boolean any = name.equals(ANY);
        if (link == null && !any) {
            return new VantageGuess(Place.HOST, false, true, "there is no interface " + name + " here");
        }
        if (link != null && link.loopback()) {
            return new VantageGuess(
                    Place.HOST, true, true, name + " is this machine's own: what leaves it is elsewhere");
        }
        if (link != null && link.addresses().isEmpty() && !link.kind().equals("veth")) {
            return new VantageGuess(Place.MIRROR, false, true, name + " has no address: taken for the end of a mirror");
        }
        if (!network.forwards() && !translates) {
            return new VantageGuess(Place.HOST, true, true, name + " is a host's: this machine forwards nothing");
        }
        List<String> bridges = new ArrayList<>();
        List<String> insides = new ArrayList<>();
        others(name, network, bridges, insides);
        if (any) {
            // As its only interface by name: who forwards without containers is a NAT with one interface.
            return insides.isEmpty() && !bridges.isEmpty()
                    ? host(name, bridges, readable, translates, state)
                    : both(name, "all interfaces of a machine that forwards", translates);
        }
        if (link != null && !link.wayOut()) {
            return inside(name, link, translates);
        }
        if (!insides.isEmpty()) {
            return outside(name, link, insides.get(0), readable, translates, state);
        }
        if (!bridges.isEmpty()) {
            return host(name, bridges, readable, translates, state);
        }
        return both(name, "the only interface of a machine that forwards", translates);
    }

    /** Interfaces behind this one: bridges of containers or virtual machines, and others, which are networks. */
    private static void others(String name, HostNetwork network, List<String> bridges, List<String> insides) {
        for (HostNetwork.Link each : network.links()) {
            boolean counts = each.up()
                    && !each.loopback()
                    && !each.wayOut()
                    && !each.addresses().isEmpty();
            if (counts && !each.name().equals(name)) {
                (isForContainers(each) ? bridges : insides).add(each.name());
            }
        }
    }

    /** By the names that their makers give them: a bridge of another name is a network as any other. */
    private static boolean isForContainers(HostNetwork.Link link) {
        for (String prefix : CONTAINER_LINKS) {
            if (link.name().startsWith(prefix)) {
                return true;
            }
        }
        // Docker: br- and the first twelve digits of the network's number.
        return link.kind().equals("bridge")
                && link.name().startsWith("br-")
                && link.name().length() == 15;
    }

    private static VantageGuess inside(String name, HostNetwork.Link link, boolean translates) {
        String words = isForContainers(link)
                ? name + " is the inside of this host's containers: they are seen before translation"
                : name + " is the inside: no default route leads through it, sources are seen before translation";
        return new VantageGuess(Place.INSIDE, translates, true, words);
    }

    private static VantageGuess outside(
            String name,
            HostNetwork.@Nullable Link link,
            String inside,
            boolean readable,
            boolean translates,
            String state) {
        String is = name + " is the outside: a default route leads through it, and " + inside + " lies behind";
        if (!readable) {
            IpAddress address = link == null || link.addresses().isEmpty()
                    ? null
                    : link.addresses().get(0);
            String own = address == null ? "this machine" : address.toString();
            return new VantageGuess(
                    Place.OUTSIDE,
                    false,
                    false,
                    is + "; Egret cannot see the inside, so that all connections seem to come from " + own + ": "
                            + state + "; or capture on " + inside);
        }
        String sources = translates
                ? "; sources come from connection tracking, " + state
                : "; nothing was translated so far, sources are shown as they are seen";
        return new VantageGuess(Place.OUTSIDE, translates, true, is + sources);
    }

    private static VantageGuess host(
            String name, List<String> bridges, boolean readable, boolean translates, String state) {
        if (bridges.isEmpty()) {
            return new VantageGuess(Place.HOST, false, true, name + " is a host's");
        }
        String is = name + " is a host's, with containers behind " + String.join(", ", bridges);
        return readable
                ? new VantageGuess(Place.HOST, translates, true, is + "; they are told apart " + state)
                : new VantageGuess(Place.HOST, false, false, is + "; they seem to be the host itself: " + state);
    }

    private static VantageGuess both(String name, String what, boolean translates) {
        return new VantageGuess(
                Place.BOTH,
                translates,
                true,
                name + " is " + what + ": packets are seen before and after, connections count once"
                        + (translates ? "" : " (nothing was translated so far)"));
    }
}
