// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** One TCP segment and one UDP datagram in every wrapping, for tests that go over all of them. */
final class Samples {
    static final String SOURCE = "192.0.2.10";
    static final String DESTINATION = "198.51.100.20";
    static final String SOURCE6 = "2001:db8::10";
    static final String DESTINATION6 = "2001:db8:1::20";
    private static final String A = "10.1.2.3";
    private static final String B = "10.3.2.1";
    private static final String A6 = "2001:db8:a::1";
    private static final String B6 = "2001:db8:b::1";

    private Samples() {}

    static byte[] text(int length) {
        byte[] text = new byte[length];
        new Random(length).nextBytes(text);
        return text;
    }

    static FrameBuilder segment() {
        return FrameBuilder.tcp(
                50123, 443, 0xfedcba98, 0x01234567, 0x18, new byte[] {2, 4, 5, (byte) 0xb4, 1, 1, 4, 2}, text(50));
    }

    static FrameBuilder datagram() {
        return FrameBuilder.udp(50123, 53, text(33));
    }

    static FrameBuilder inIpv4(FrameBuilder transport) {
        return transport.ipv4(SOURCE, DESTINATION, 57, 1, 0x4000, new byte[0]);
    }

    static FrameBuilder inIpv6(FrameBuilder transport) {
        return transport.ipv6(SOURCE6, DESTINATION6, 57, transport.bytes().length);
    }

    /** What can be put around an IP packet to make a frame. */
    static Map<String, UnaryOperator<FrameBuilder>> links() {
        Map<String, UnaryOperator<FrameBuilder>> links = new LinkedHashMap<>();
        links.put("ethernet", FrameBuilder::ethernet);
        links.put("ethernet padded", ip -> ip.ethernet(9));
        links.put("802.3 snap", FrameBuilder::ethernetSnap);
        links.put("802.1Q", ip -> ip.vlan(5).ethernet());
        links.put("802.1ad", ip -> ip.vlan(0x8100, 5).vlan(0x88a8, 6).ethernet());
        links.put("802.1Q three times", ip -> ip.vlan(5).vlan(0x9100, 6).vlan(7).ethernet());
        links.put("vn-tag", ip -> ip.vlan(5).vnTag().vlan(6).ethernet());
        links.put("infiniband", FrameBuilder::infiniband);
        links.put("ethernet with preamble", ip -> ip.ethernet().preamble());
        links.put("ppi", ip -> ip.wifi(false).perPacketInformation());
        links.put("prism", ip -> ip.wifi(true).prism());
        links.put("mpls", ip -> ip.mpls(16).ethernet());
        links.put("mpls three labels", ip -> ip.mpls(18, 17, 16).vlan(5).ethernet());
        links.put("mpls pseudowire", ip -> ip.ethernet().mpls(16).ethernet());
        links.put(
                "mpls pseudowire with control word",
                ip -> ip.vlan(5).ethernet().controlWord().mpls(17, 16).ethernet());
        links.put("pppoe", ip -> ip.pppoe().ethernet(3));
        links.put("pppoe in vlan", ip -> ip.pppoe().vlan(5).ethernet());
        links.put("sll", FrameBuilder::sll);
        links.put("sll with vlan", ip -> ip.vlan(5).sll());
        links.put("sll2", FrameBuilder::sll2);
        links.put("raw", FrameBuilder::raw);
        links.put("ppp", ip -> ip.ppp(false, false));
        links.put("ppp framed", ip -> ip.ppp(true, false));
        links.put("ppp compressed", ip -> ip.ppp(true, true));
        links.put("ppp bare", ip -> ip.ppp(false, true));
        links.put("mpls in ppp", ip -> ip.mpls(16).ppp(true, false));
        links.put("cisco hdlc", FrameBuilder::ciscoHdlc);
        links.put("frame relay", FrameBuilder::frameRelay);
        links.put("frame relay snap", ip -> ip.vlan(5).frameRelay());
        links.put("nflog little-endian", ip -> ip.nflog(true));
        links.put("nflog big-endian", ip -> ip.nflog(false));
        links.put("802.11", ip -> ip.wifi(false));
        links.put("radiotap", ip -> ip.wifi(true).radiotap());
        return links;
    }

    /** What can be put around an IP packet to make another one. */
    static Map<String, UnaryOperator<FrameBuilder>> tunnels() {
        Map<String, UnaryOperator<FrameBuilder>> tunnels = new LinkedHashMap<>();
        tunnels.put("ip in ipv4", ip -> ip.ipv4(A, B));
        tunnels.put("ip in ipv6", ip -> ip.ipv6(A6, B6));
        tunnels.put("gre", ip -> ip.gre(0).ipv4(A, B));
        tunnels.put("gre with key", ip -> ip.gre(0x2000).ipv6(A6, B6));
        tunnels.put("gre with all", ip -> ip.gre(0xb000).ipv4(A, B));
        tunnels.put("gre routed", ip -> ip.greRouted().ipv4(A, B));
        tunnels.put("gre bridged", ip -> ip.vlan(5).ethernet().gre(0x2000).ipv4(A, B));
        tunnels.put("gre with mpls", ip -> ip.mpls(16).gre(0).ipv4(A, B));
        tunnels.put("pptp", ip -> ip.pptp().ipv4(A, B));
        tunnels.put("erspan 1", ip -> ip.ethernet().erspan(1).ipv4(A, B));
        tunnels.put("erspan 2", ip -> ip.ethernet().erspan(2).ipv4(A, B));
        tunnels.put("erspan 3", ip -> ip.vlan(5).ethernet().erspan(3).ipv6(A6, B6));
        tunnels.put("erspan 3 with platform", ip -> ip.ethernet().erspan(4).ipv4(A, B));
        tunnels.put("vxlan", ip -> ip.ethernet().vxlan(77).ipv4(A, B));
        tunnels.put("vxlan tagged", ip -> ip.vlan(5).ethernet().vxlan(77).ipv6(A6, B6));
        tunnels.put("vxlan gpe", ip -> ip.vxlanGpe(77).ipv4(A, B));
        tunnels.put("vxlan gpe ethernet", ip -> ip.ethernet().vxlanGpe(77).ipv4(A, B));
        tunnels.put("geneve", ip -> ip.geneve(77, new byte[0]).ipv4(A, B));
        tunnels.put(
                "geneve with options",
                ip -> ip.ethernet().geneve(77, new byte[24]).ipv4(A, B));
        tunnels.put("gtp", ip -> ip.gtp(false).ipv4(A, B));
        tunnels.put("gtp extended", ip -> ip.gtp(true).ipv6(A6, B6));
        tunnels.put("l2tp", ip -> ip.l2tp(false).ipv4(A, B));
        tunnels.put("l2tp with length", ip -> ip.l2tp(true).ipv4(A, B));
        tunnels.put("capwap", ip -> ip.ethernet().capwap(false).ipv4(A, B));
        tunnels.put("capwap wireless", ip -> ip.wifi(true).capwap(true).ipv4(A, B));
        tunnels.put("gre in udp", ip -> ip.greInUdp().ipv4(A, B));
        tunnels.put("ethernet in ip", ip -> ip.ethernet().etherIp().ipv4(A, B));
        tunnels.put("mpls in ip", ip -> ip.mpls(16).ipv4(A, B));
        tunnels.put("ethernet in ipv6", ip -> ip.ethernet().extension(43, 24).ipv6(A6, B6));
        return tunnels;
    }

    static boolean setsVni(String tunnel) {
        return tunnel.startsWith("vxlan") || tunnel.startsWith("geneve");
    }

    /** Every link, every tunnel and both together, around a segment and around a datagram. */
    static Map<String, FrameBuilder> frames() {
        Map<String, FrameBuilder> frames = new LinkedHashMap<>();
        Map<String, FrameBuilder> packets = new LinkedHashMap<>();
        packets.put("tcp4", inIpv4(segment()));
        packets.put("tcp6", inIpv6(segment()));
        packets.put("udp4", inIpv4(datagram()));
        packets.put("udp6", inIpv6(datagram()));
        packets.put("options", segment().ipv4(SOURCE, DESTINATION, 57, 1, 0, new byte[12]));
        packets.put(
                "extensions",
                segment().extension(60, 16).extension(51, 24).extension(0, 8).ipv6(SOURCE6, DESTINATION6));
        packets.forEach((inner, packet) -> {
            links().forEach((link, wrap) -> frames.put(inner + " in " + link, wrap.apply(packet)));
            tunnels()
                    .forEach((tunnel, wrap) -> frames.put(
                            inner + " in " + tunnel, wrap.apply(packet).ethernet()));
        });
        frames.put("teredo", inIpv6(segment()).teredo(true).ipv4(A, B).ethernet());
        frames.put("jumbo", segment().jumbo().ipv6(SOURCE6, DESTINATION6, 57, 0).ethernet());
        frames.put(
                "fragment",
                datagram().ipv4Fragments(SOURCE, DESTINATION, 7, 24).get(0).ethernet());
        frames.put(
                "fragment6",
                datagram().ipv6Fragments(SOURCE6, DESTINATION6, 7, 24).get(1).ethernet());
        frames.put("null", inIpv4(segment()).loopback(0, 2, true));
        frames.put("arp", FrameBuilder.etherPayload(0x0806, new byte[28]).ethernet());
        frames.put(
                "icmp",
                FrameBuilder.payload(1, inIpv4(segment()).bytes()).ipv4(A, B).ethernet());
        return frames;
    }
}
