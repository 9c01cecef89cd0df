// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import static org.assertj.core.api.Assertions.assertThat;

import egret.rules.IpAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VantageGuessTest {
    private static final String STATE = "by netlink events";
    private static final String REFUSED = "reading connection tracking needs CAP_NET_ADMIN (or root)";

    private static HostNetwork.Link link(String name, String kind, boolean wayOut, String... addresses) {
        List<IpAddress> parsed = new ArrayList<>();
        for (String address : addresses) {
            parsed.add(IpAddress.parse(address));
        }
        return new HostNetwork.Link(name, kind, true, name.equals("lo"), wayOut, parsed);
    }

    private static HostNetwork network(boolean forwards, HostNetwork.Link... links) {
        List<HostNetwork.Link> all = new ArrayList<>(List.of(links));
        all.add(link("lo", "", false, "127.0.0.1"));
        return new HostNetwork(forwards, all);
    }

    private static final HostNetwork.Link ETH0 = link("eth0", "", true, "203.0.113.5");
    private static final HostNetwork.Link ETH1 = link("eth1", "", false, "10.0.0.1");

    private static void expect(VantageGuess guess, VantageGuess.Place place, boolean sure, String words) {
        assertThat(guess.place()).as(guess.words()).isEqualTo(place);
        assertThat(guess.sure()).as(guess.words()).isEqualTo(sure);
        assertThat(guess.words()).contains(words);
    }

    @Test
    void knowsAHost() {
        VantageGuess guess = VantageGuess.of("eth0", network(false, ETH0, ETH1), true, false, STATE, false);
        expect(guess, VantageGuess.Place.HOST, true, "forwards nothing");
    }

    @Test
    void takesTheLoopForTheMachinesOwn() {
        VantageGuess guess = VantageGuess.of("lo", network(true, ETH0, ETH1), true, true, "by netlink", false);

        expect(guess, VantageGuess.Place.HOST, true, "lo is this machine's own");
    }

    @Test
    void knowsTheSidesOfANat() {
        HostNetwork network = network(true, ETH0, ETH1);
        expect(
                VantageGuess.of("eth1", network, true, true, STATE, false),
                VantageGuess.Place.INSIDE,
                true,
                "before translation");
        expect(
                VantageGuess.of("eth0", network, true, true, STATE, false),
                VantageGuess.Place.OUTSIDE,
                true,
                "sources come from connection tracking, by netlink events");
        expect(
                VantageGuess.of("eth0", network, true, false, STATE, false),
                VantageGuess.Place.OUTSIDE,
                false,
                "nothing was translated so far");
        expect(
                VantageGuess.of("any", network, true, true, STATE, false),
                VantageGuess.Place.BOTH,
                true,
                "connections count once");
    }

    @Test
    void saysThatItCannotSeeTheInside() {
        VantageGuess guess = VantageGuess.of("eth0", network(true, ETH0, ETH1), false, false, REFUSED, false);
        expect(guess, VantageGuess.Place.OUTSIDE, false, "Egret cannot see the inside");
        assertThat(guess.sourcesVisible()).isFalse();
        assertThat(guess.words())
                .contains("203.0.113.5")
                .contains("CAP_NET_ADMIN")
                .endsWith("or capture on eth1");
    }

    @Test
    void knowsANatWithOneInterface() {
        HostNetwork network = network(true, ETH0);
        expect(
                VantageGuess.of("eth0", network, true, true, STATE, false),
                VantageGuess.Place.BOTH,
                true,
                "before and after");
        expect(VantageGuess.of("eth0", network, true, false, STATE, false), VantageGuess.Place.BOTH, false, "so far");
    }

    @Test
    void takesAHostWithContainersForAHost() {
        HostNetwork network = network(
                true,
                ETH0,
                link("docker0", "bridge", false, "172.17.0.1"),
                link("br-0123456789ab", "bridge", false, "172.18.0.1"),
                link("veth12", "veth", false));
        expect(
                VantageGuess.of("eth0", network, true, true, STATE, false),
                VantageGuess.Place.HOST,
                true,
                "with containers behind docker0, br-0123456789ab");
        VantageGuess blind = VantageGuess.of("eth0", network, false, false, REFUSED, false);
        expect(blind, VantageGuess.Place.HOST, false, "seem to be the host itself");
        assertThat(blind.sourcesVisible()).isFalse();
        expect(
                VantageGuess.of("docker0", network, true, true, STATE, false),
                VantageGuess.Place.INSIDE,
                true,
                "of this host's containers");
    }

    @Test
    void takesABridgeOfALanForANetwork() {
        HostNetwork network = network(true, ETH0, link("br-lan", "bridge", false, "10.0.0.1"));
        expect(
                VantageGuess.of("eth0", network, true, true, STATE, false),
                VantageGuess.Place.OUTSIDE,
                true,
                "br-lan lies behind");
    }

    @Test
    void knowsAMirrorByItsTunnelsOrByItsLackOfAddresses() {
        HostNetwork network = network(false, ETH0, link("eth2", "", false));
        expect(VantageGuess.of("eth0", network, true, false, STATE, true), VantageGuess.Place.MIRROR, true, "VXLAN");
        expect(
                VantageGuess.of("eth2", network, true, false, STATE, false),
                VantageGuess.Place.MIRROR,
                false,
                "no address");
        Conntrack off = Conntrack.off("off");
        assertThat(VantageGuess.of("eth0", network, off, 99, 99).place()).isEqualTo(VantageGuess.Place.HOST);
        assertThat(VantageGuess.of("eth0", network, off, 100, 51).place()).isEqualTo(VantageGuess.Place.MIRROR);
        assertThat(VantageGuess.of("eth0", network, off, 100, 50).place()).isEqualTo(VantageGuess.Place.HOST);
    }

    @Test
    void readsTheNetworkOfARealNat() throws Exception {
        try (NatNetwork nat = new NatNetwork()) {
            nat.ip("nat", "route", "add", "default", "via", NatNetwork.SERVER);
            nat.translate("iptables", "-o", "o0", "-j", "MASQUERADE");
            ServerSocket server = nat.server();
            HostNetwork network = nat.in("nat", HostNetwork::read);
            assertThat(network.forwards()).isTrue();
            assertThat(network.link("o0").kind()).isEqualTo("veth");
            try (Conntrack conntrack = nat.in("nat", Conntrack::open)) {
                nat.connect("client", server, NatNetwork.CLIENT_ONE, 0, NatNetwork.SERVER);
                conntrack.poll();
                expect(
                        VantageGuess.of("o0", network, conntrack, 1, 0),
                        VantageGuess.Place.OUTSIDE,
                        true,
                        "i0 lies behind");
                expect(VantageGuess.of("i0", network, conntrack, 1, 0), VantageGuess.Place.INSIDE, true, "before");
            }
            HostNetwork client = nat.in("client", HostNetwork::read);
            expect(
                    VantageGuess.of("c0", client, Conntrack.off("off"), 1, 0),
                    VantageGuess.Place.HOST,
                    true,
                    "forwards nothing");
        }
    }
}
