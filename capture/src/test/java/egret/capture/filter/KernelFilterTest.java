// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.decode.FrameBuilder;
import egret.capture.filter.KernelFilter.Link;
import egret.capture.filter.KernelFilter.Mode;
import egret.capture.protocol.HelloBuilder;
import egret.rules.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the program takes and how much of it, branch by branch. */
final class KernelFilterTest {
    private static final int SNAPLEN = 4096;
    private static final int FIN = 1;
    private static final int SYN = 2;
    private static final int RST = 4;
    private static final int PSH_ACK = 24;
    private static final int ACK = 16;
    private static final String CLIENT = "192.0.2.1";
    private static final String SERVER = "198.51.100.7";
    private static final String CLIENT6 = "2001:db8::1";
    private static final String SERVER6 = "2001:db8:7::7";
    private static final byte[] DATA = filled(1400, 0xa7);
    private static final byte[] HELLO =
            HelloBuilder.curl("registry-1.docker.io", "h2").record();

    private static byte[] filled(int length, int with) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    private static KernelFilter filter(Link link, Mode mode, boolean tunnels) {
        return new KernelFilter(link, mode, SNAPLEN, new int[] {443, 8443}, tunnels);
    }

    private static void see(WatchedAddresses watched, String... texts) {
        for (String text : texts) {
            IpAddress address = IpAddress.parse(text);
            assertThat(address).isNotNull();
            watched.seen(address.high(), address.low());
        }
    }

    private static long takes(Mode mode, boolean tunnels, WatchedAddresses watched, FrameBuilder frame) {
        byte[] bytes = frame.bytes();
        return new Machine(filter(Link.ETHERNET, mode, tunnels).program(watched)).run(bytes, bytes.length);
    }

    private static long takes(FrameBuilder frame) {
        return takes(Mode.NORMAL, false, new WatchedAddresses(), frame);
    }

    private static FrameBuilder tcp(int from, int to, int flags, byte[] payload) {
        return FrameBuilder.tcp(from, to, 1000, flags, payload);
    }

    private static FrameBuilder v4(FrameBuilder inner) {
        return inner.ipv4(CLIENT, SERVER).ethernet();
    }

    private static FrameBuilder v6(FrameBuilder inner) {
        return inner.ipv6(CLIENT6, SERVER6).ethernet();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Both families take the same. */
    private static void holds(String what, long bytes, FrameBuilder inner) {
        assertThat(takes(v4(inner))).as(what + ", IPv4").isEqualTo(bytes);
        assertThat(takes(v6(inner))).as(what + ", IPv6").isEqualTo(bytes);
        assertThat(takes(inner.ipv4(CLIENT, SERVER).vlan(7).vlan(8).ethernet()))
                .as(what + ", two tags")
                .isEqualTo(bytes);
    }

    @Test
    void beginningsAndEndsOfAllConnectionsAreTaken() {
        holds("SYN", SNAPLEN, tcp(40_000, 9_999, SYN, new byte[0]));
        holds("SYN-ACK", SNAPLEN, tcp(9_999, 40_000, SYN | ACK, new byte[0]));
        holds("SYN with data", SNAPLEN, tcp(40_000, 9_999, SYN, DATA));
        holds("FIN", KernelFilter.HEADERS, tcp(9_999, 40_000, FIN | ACK, new byte[0]));
        holds("RST", KernelFilter.HEADERS, tcp(9_999, 40_000, RST, new byte[0]));
        holds("FIN with data", KernelFilter.HEADERS, tcp(9_999, 40_000, FIN | ACK, DATA));
        holds("ACK", 0, tcp(40_000, 443, ACK, new byte[0]));
    }

    @Test
    void whatBeginsAConnectionIsTakenOnAnyPort() {
        byte[] changeCipherSpec = {20, 3, 3, 0, 1, 1};
        byte[] behind = Arrays.copyOf(changeCipherSpec, 6 + HELLO.length);
        System.arraycopy(HELLO, 0, behind, 6, HELLO.length);
        byte[] methods = filled(7, 9);
        methods[0] = 5;
        methods[1] = 5;
        List<byte[]> beginnings = List.of(
                HELLO,
                behind,
                changeCipherSpec,
                ascii("CONNECT example.org:443 HTTP/1.1\r\n"),
                ascii("GET / HTTP/1.1\r\n"),
                ascii("POST /a HTTP/1.1\r\n"),
                ascii("HEAD / HTTP/1.1\r\n"),
                ascii("OPTIONS * HTTP/1.1\r\n"),
                ascii("PUT /x HTTP/1.1\r\n"),
                new byte[] {5, 1, 0},
                methods,
                new byte[] {5, 1, 0, 3, 11, 'e', 'x', 'a', 'm', 'p', 'l', 'e'},
                new byte[] {5, 1, 0, 1, 127, 0, 0, 1, 1, (byte) 187},
                new byte[] {1, 3, 'a', 'b', 'c', 2, 'd', 'e'},
                new byte[] {4, 1, 1, (byte) 187, 0, 0, 0, 1, 0, 'x', 0},
                new byte[] {22});
        for (byte[] beginning : beginnings) {
            holds(Arrays.toString(beginning), SNAPLEN, tcp(40_000, 9_999, ACK, beginning));
        }
        holds("ServerHello", SNAPLEN, tcp(443, 40_000, ACK, new byte[] {22, 3, 3, 0, 90, 2, 0, 0}));
    }

    @Test
    void whatIsInTheMiddleOfOthersIsNot() {
        for (byte[] middle : List.of(
                DATA,
                ascii("HTTP/1.1 200 OK\r\n"),
                ascii("get / HTTP/1.1"),
                filled(600, 1),
                new byte[] {22, 3, 3, 0, 90, 11, 0, 0},
                new byte[] {23, 3, 3, 0, 90, 1, 0, 0},
                new byte[] {20, 3, 3, 0, 1, 1, 22, 3, 3, 0, 40, 9, 9},
                new byte[] {20, 3, 3, 0, 1, 1, 23, 3, 3, 0, 40, 1, 9},
                new byte[] {5, 9, 1, 1, 1, 1, 1})) {
            holds(Arrays.toString(middle), 0, tcp(40_000, 9_999, PSH_ACK, middle));
        }
        holds("data of a server", 0, tcp(443, 40_000, PSH_ACK, DATA));
        holds("short record of a server", 0, tcp(443, 40_000, PSH_ACK, new byte[] {23, 3, 3, 0, 1, 2, 1}));
        holds("another handshake message", 0, tcp(443, 40_000, PSH_ACK, new byte[] {22, 3, 3, 0, 90, 11, 0}));
    }

    @Test
    void allThatClientsSendToTlsAndProxiesIsTaken() {
        for (int port : new int[] {443, 8443, 80, 1080, 3128, 8080, 8888}) {
            holds("port " + port, SNAPLEN, tcp(40_000, port, ACK, DATA));
        }
    }

    @Test
    void fastTakesOnlyPushedSegmentsAndBeginnings() {
        WatchedAddresses none = new WatchedAddresses();
        for (int port : new int[] {443, 8443, 3128}) {
            assertThat(takes(Mode.FAST, false, none, v4(tcp(40_000, port, ACK, DATA))))
                    .isZero();
            assertThat(takes(Mode.FAST, false, none, v4(tcp(40_000, port, PSH_ACK, DATA))))
                    .isEqualTo(SNAPLEN);
            assertThat(takes(Mode.FAST, false, none, v4(tcp(40_000, port, ACK, HELLO))))
                    .isEqualTo(SNAPLEN);
        }
    }

    @Test
    void watchedServersAreTakenInBothDirections() {
        WatchedAddresses watched = new WatchedAddresses();
        see(watched, SERVER, SERVER6, "203.0.113.1", "2001:db8:8::8");
        for (Mode mode : Mode.values()) {
            for (int port : new int[] {443, 5000}) {
                FrameBuilder up = tcp(40_000, port, ACK, DATA);
                FrameBuilder down = tcp(port, 40_000, ACK, DATA);
                int server = KernelFilter.SERVER_SNAPLEN;
                assertThat(takes(mode, false, watched, v4(up))).isEqualTo(SNAPLEN);
                assertThat(takes(mode, false, watched, v6(up))).isEqualTo(SNAPLEN);
                assertThat(takes(mode, false, watched, down.ipv4(SERVER, CLIENT).ethernet()))
                        .isEqualTo(server);
                assertThat(takes(
                                mode,
                                false,
                                watched,
                                down.ipv6(SERVER6, CLIENT6).ethernet()))
                        .isEqualTo(server);
                assertThat(takes(
                                mode,
                                false,
                                watched,
                                down.ipv4("198.51.100.8", CLIENT).ethernet()))
                        .isZero();
                assertThat(takes(
                                mode,
                                false,
                                watched,
                                down.ipv6("2001:db8:7::8", CLIENT6).ethernet()))
                        .isZero();
                assertThat(takes(mode, false, watched, down.ipv4(CLIENT, SERVER).ethernet()))
                        .as("an address that is watched as a server, as a client")
                        .isZero();
            }
            FrameBuilder ack = tcp(443, 40_000, ACK, new byte[0]);
            assertThat(takes(mode, false, watched, ack.ipv4(SERVER, CLIENT).ethernet()))
                    .isZero();
        }
    }

    @Test
    void blocksOfAddressesAreWatched() {
        WatchedAddresses watched = new WatchedAddresses();
        IpAddress ipv4 = IpAddress.parse("203.0.113.32");
        IpAddress ipv6 = IpAddress.parse("2001:db8:40::");
        assertThat(ipv4).isNotNull();
        assertThat(ipv6).isNotNull();
        watched.block(ipv4.high(), ipv4.low(), 96 + 27);
        watched.block(ipv6.high(), ipv6.low(), 42);
        FrameBuilder down = tcp(443, 40_000, ACK, DATA);
        for (String in : new String[] {"203.0.113.32", "203.0.113.40", "203.0.113.63"}) {
            assertThat(takes(Mode.NORMAL, false, watched, down.ipv4(in, CLIENT).ethernet()))
                    .as(in)
                    .isPositive();
        }
        for (String out : new String[] {"203.0.113.31", "203.0.113.64", "0.0.0.0", "255.255.255.255"}) {
            assertThat(takes(Mode.NORMAL, false, watched, down.ipv4(out, CLIENT).ethernet()))
                    .as(out)
                    .isZero();
        }
        for (String in : new String[] {"2001:db8:40::1", "2001:db8:7f:ffff::1"}) {
            assertThat(takes(Mode.NORMAL, false, watched, down.ipv6(in, CLIENT6).ethernet()))
                    .as(in)
                    .isPositive();
        }
        for (String out : new String[] {"2001:db8:3f::1", "2001:db8:80::1", "2001:db9:40::1"}) {
            assertThat(takes(
                            Mode.NORMAL, false, watched, down.ipv6(out, CLIENT6).ethernet()))
                    .as(out)
                    .isZero();
        }
    }

    @Test
    void dnsAndQuicAreTaken() {
        holds("question", SNAPLEN, FrameBuilder.udp(40_000, 53, DATA));
        holds("answer", SNAPLEN, FrameBuilder.udp(53, 40_000, DATA));
        holds("question over TCP", SNAPLEN, tcp(40_000, 53, ACK, DATA));
        holds("answer over TCP", SNAPLEN, tcp(53, 40_000, ACK, DATA));
        holds("mDNS", 0, FrameBuilder.udp(5353, 5353, new byte[40]));
        int[] versions = {1, 0x6b3343cf, 0xff00001d, 0xfaceb002, 0x54303530, 0x1a2a3a4a};
        for (int version : versions) {
            byte[] initial = new byte[1200];
            initial[0] = (byte) 0xc3;
            for (int i = 0; i < 4; i++) {
                initial[1 + i] = (byte) (version >>> 24 - 8 * i);
            }
            holds("QUIC " + version, SNAPLEN, FrameBuilder.udp(40_000, 443, initial));
            holds("QUIC " + version, SNAPLEN, FrameBuilder.udp(40_000, 8853, initial));
            initial[0] = 0x43;
            holds("short header", 0, FrameBuilder.udp(40_000, 443, initial));
        }
        holds("other", 0, FrameBuilder.udp(40_000, 443, filled(1200, 0xc5)));
        holds("empty", 0, FrameBuilder.udp(40_000, 443, new byte[0]));
    }

    @Test
    void fragmentsAndExtensionHeadersAreTaken() {
        FrameBuilder data = tcp(443, 40_000, ACK, DATA);
        for (FrameBuilder fragment : data.ipv4Fragments(SERVER, CLIENT, 7, 200, 800)) {
            assertThat(takes(fragment.ethernet())).isEqualTo(SNAPLEN);
        }
        for (FrameBuilder fragment : data.ipv6Fragments(SERVER6, CLIENT6, 7, 200, 800)) {
            assertThat(takes(fragment.ethernet())).isEqualTo(SNAPLEN);
        }
        assertThat(takes(data.extension(60, 16).ipv6(SERVER6, CLIENT6).ethernet()))
                .isEqualTo(SNAPLEN);
        FrameBuilder ping = FrameBuilder.payload(1, DATA);
        for (FrameBuilder fragment : ping.ipv4Fragments(SERVER, CLIENT, 7, 200)) {
            assertThat(takes(fragment.ethernet())).isZero();
        }
    }

    @Test
    void packetsInsideOthersAreTakenWhereThatIsSaid() {
        FrameBuilder inner = tcp(443, 40_000, ACK, DATA).ipv4(SERVER, CLIENT);
        List<FrameBuilder> frames = List.of(
                v4(inner.ethernet().vxlan(7)),
                v4(inner.geneve(7, new byte[0])),
                v4(inner.gre(0)),
                v4(inner.etherIp()),
                v6(inner.ethernet().vxlan(7)),
                inner.ipv4("203.0.113.9", "203.0.113.10").ethernet(),
                inner.ipv6(CLIENT6, SERVER6).ethernet(),
                inner.mpls(17).ethernet(),
                inner.ethernetSnap(),
                inner.vnTag().ethernet());
        for (int i = 0; i < frames.size(); i++) {
            assertThat(takes(Mode.NORMAL, true, new WatchedAddresses(), frames.get(i)))
                    .as("frame " + i)
                    .isEqualTo(SNAPLEN);
            assertThat(takes(frames.get(i))).as("frame " + i).isZero();
        }
        assertThat(takes(inner.pppoe().ethernet())).isZero();
        assertThat(takes(
                        tcp(40_000, 443, ACK, DATA).ipv4(CLIENT, SERVER).pppoe().ethernet()))
                .isEqualTo(SNAPLEN);
        assertThat(takes(FrameBuilder.etherPayload(0x0806, new byte[28]).ethernet()))
                .isZero();
    }

    @Test
    void rawAndCookedPacketsGoTheSameWay() {
        WatchedAddresses watched = new WatchedAddresses();
        see(watched, SERVER, SERVER6);
        for (FrameBuilder segment : segments()) {
            for (FrameBuilder ip : List.of(segment.ipv4(SERVER, CLIENT), segment.ipv6(CLIENT6, SERVER6))) {
                byte[] ethernet = ip.ethernet().bytes();
                byte[] raw = Arrays.copyOfRange(ethernet, 14, ethernet.length);
                int type = (ethernet[12] & 0xff) << 8 | ethernet[13] & 0xff;
                for (Mode mode : Mode.values()) {
                    long expected = new Machine(
                                    filter(Link.ETHERNET, mode, false).program(watched))
                            .run(ethernet, ethernet.length);
                    Machine any = new Machine(filter(Link.ANY, mode, false).program(watched));
                    assertThat(new Machine(filter(Link.RAW_IP, mode, false).program(watched)).run(raw, raw.length))
                            .isEqualTo(expected);
                    assertThat(any.run(raw, raw.length, type, 0)).isEqualTo(expected);
                    assertThat(any.run(ethernet, ethernet.length, type, 14)).isEqualTo(expected);
                }
            }
        }
    }

    static List<FrameBuilder> segments() {
        List<FrameBuilder> segments = new ArrayList<>();
        for (int flags : new int[] {ACK, PSH_ACK, SYN, FIN | ACK, RST}) {
            for (int[] ports : new int[][] {{40_000, 443}, {443, 40_000}, {40_000, 9_999}, {9_999, 40_000}, {53, 9}}) {
                for (byte[] payload : List.of(new byte[0], HELLO, DATA, ascii("GET / HTTP/1.1\r\n\r\n"))) {
                    segments.add(tcp(ports[0], ports[1], flags, payload));
                }
            }
        }
        segments.add(FrameBuilder.udp(53, 40_000, DATA));
        segments.add(FrameBuilder.udp(40_000, 443, filled(1200, 0xc0)));
        return segments;
    }

    @Test
    void everyPrefixAndMutationOfAPacketEndsTheProgram() {
        WatchedAddresses watched = new WatchedAddresses();
        see(watched, SERVER, SERVER6);
        Random random = new Random(5);
        for (Link link : Link.values()) {
            Machine machine = new Machine(filter(link, Mode.NORMAL, true).program(watched));
            int runs = 0;
            for (FrameBuilder segment : segments()) {
                for (FrameBuilder ip : List.of(segment.ipv4(SERVER, CLIENT), segment.ipv6(CLIENT6, SERVER6))) {
                    byte[] frame = (link == Link.RAW_IP ? ip.raw() : ip.ethernet()).bytes();
                    for (int length = 0; length < Math.min(frame.length, 120); length++) {
                        machine.run(Arrays.copyOf(frame, length), frame.length, 0x0800, 14);
                        runs++;
                    }
                    for (int i = 0; i < 50; i++) {
                        byte[] mutated = frame.clone();
                        mutated[random.nextInt(Math.min(mutated.length, 100))] = (byte) random.nextInt();
                        machine.run(mutated, mutated.length, random.nextInt(0x10000), random.nextInt(60));
                        runs++;
                    }
                }
            }
            assertThat(machine.steps()).as(link.toString()).isBetween((long) runs, 120L * runs);
        }
    }

    @Test
    void allAddressesFitAndTakeFewSteps() {
        WatchedAddresses watched = new WatchedAddresses();
        Random random = new Random(1);
        for (int i = 0; i < 5000; i++) {
            watched.seen(0, 0xffff_0000_0000L | random.nextInt() & 0xffff_ffffL);
            watched.seen(random.nextLong() | 1L << 61, random.nextLong());
        }
        for (int i = 0; i < 16; i++) {
            watched.block(random.nextLong() | 1L << 61, random.nextLong(), 128);
            watched.block(0, 0xffff_0000_0000L | random.nextInt() & 0xffff_ffffL, 120);
        }
        int[] ports = random.ints(64, 1, 65_536).toArray();
        for (Link link : Link.values()) {
            long[] program = new KernelFilter(link, Mode.FAST, SNAPLEN, ports, true).program(watched);
            assertThat(program.length).as(link.toString()).isLessThan(3700);
            Machine machine = new Machine(program);
            byte[] down = tcp(ports[0], 40_000, ACK, DATA)
                    .ipv4(SERVER, CLIENT)
                    .ethernet()
                    .bytes();
            machine.run(down, down.length, 0x0800, 14);
            assertThat(machine.steps()).isLessThan(120);
        }
    }
}
