// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import egret.rules.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The network of this machine as far as it tells where packets are seen: what it forwards, its interfaces, its ways out.
 *
 * @param forwards packets of others, IPv4 or IPv6
 */
public record HostNetwork(boolean forwards, List<Link> links) {
    /**
     * An interface.
     *
     * @param kind as {@code ip -d link} shows it: bridge, veth, vxlan, geneve ...; "" for hardware
     * @param wayOut a default route leads through it
     */
    public record Link(
            String name, String kind, boolean up, boolean loopback, boolean wayOut, List<IpAddress> addresses) {
        public Link {
            addresses = List.copyOf(addresses);
        }
    }

    public HostNetwork {
        links = List.copyOf(links);
    }

    /**
     * Asks the kernel, of the network namespace of this thread. Needs no privilege.
     *
     * @throws IOException if it cannot be asked
     */
    public static HostNetwork read() throws IOException {
        boolean forwards = isSet("ipv4/ip_forward") || isSet("ipv6/conf/all/forwarding");
        return new HostNetwork(forwards, RouteSurvey.links());
    }

    private static boolean isSet(String setting) {
        try {
            return !Files.readString(Path.of("/proc/sys/net/" + setting))
                    .strip()
                    .equals("0");
        } catch (IOException e) {
            return false; // IPv6 is not there, or /proc/sys is not shown
        }
    }

    @Nullable
    Link link(String name) {
        for (Link link : links) {
            if (link.name().equals(name)) {
                return link;
            }
        }
        return null;
    }

    /** All addresses but the loopback's; first those of interfaces that lead out. */
    public List<IpAddress> outward() {
        List<IpAddress> all = new ArrayList<>();
        for (Link link : links) {
            if (link.wayOut()) {
                all.addAll(link.addresses());
            }
        }
        for (Link link : links) {
            if (!link.wayOut() && !link.loopback()) {
                all.addAll(link.addresses());
            }
        }
        return all;
    }
}
