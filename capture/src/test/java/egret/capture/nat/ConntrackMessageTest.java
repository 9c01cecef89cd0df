// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.linux.NetlinkMessages;
import egret.capture.linux.NetlinkSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Both texts of connection tracking, the binary and the one of /proc, whole, cut and broken. */
final class ConntrackMessageTest {
    private static final int BODY = NetlinkMessages.HEADER_BYTES;
    private static final String LINE =
            "ipv4     2 tcp      6 117 SYN_SENT src=10.0.1.11 dst=198.51.100.10 sport=40000 dport=443 [UNREPLIED]"
                    + " src=198.51.100.10 dst=203.0.113.5 sport=443 dport=1024 mark=0 zone=0 use=2";

    private final ConntrackMessage message = new ConntrackMessage();
    private final ConntrackLine line = new ConntrackLine();

    private static Tuple tuple(boolean six, int protocol) {
        Tuple tuple = new Tuple();
        if (six) {
            tuple.set(protocol, 0x2001_0db8_0000_0001L, 7, 443, 0x2001_0db8_0000_0002L, 8, 50_000);
        } else {
            tuple.set(protocol, 0, Tuple.ipv4(0xc633_640a), 443, 0, Tuple.ipv4(0xcb00_7105), 50_000);
        }
        return tuple;
    }

    /** A request for a tuple, turned into a message with both tuples. Returns its length. */
    private static int connection(ByteBuffer bytes, Tuple tuple) {
        int length = ConntrackRequests.query(bytes, tuple, 1);
        int from = BODY + ConntrackMessage.FAMILY_BYTES;
        for (int at = from; at < length; at++) {
            bytes.put(length + at - from, bytes.get(at));
        }
        bytes.putShort(from + 2, (short) (0x8000 | ConntrackMessage.TUPLE_ORIGINAL));
        return 2 * length - from;
    }

    @Test
    void readsBothDirectionsOfBothFamilies() {
        ByteBuffer bytes = NetlinkSocket.buffer(512);
        for (boolean six : new boolean[] {false, true}) {
            for (int protocol : new int[] {Tuple.TCP, Tuple.UDP}) {
                Tuple tuple = tuple(six, protocol);
                int length = connection(bytes, tuple);
                assertThat(message.parse(bytes, BODY, length)).isEqualTo(ConntrackMessage.Outcome.CONNECTION);
                assertThat(message.original.equalTo(tuple)).isTrue();
                assertThat(message.reply.equalTo(tuple)).isTrue();
            }
        }
        assertThat(message.damaged()).isZero();
    }

    @Test
    void passesOverOtherProtocols() {
        ByteBuffer bytes = NetlinkSocket.buffer(512);
        int icmp = 1;
        int length = connection(bytes, tuple(false, icmp));
        assertThat(message.parse(bytes, BODY, length)).isEqualTo(ConntrackMessage.Outcome.OTHER);
    }

    @Test
    void takesNoPrefixForAConnection() {
        ByteBuffer bytes = NetlinkSocket.buffer(512);
        int length = connection(bytes, tuple(true, Tuple.TCP));
        for (int end = BODY; end < length - 3; end++) {
            assertThat(message.parse(bytes, BODY, end)).as("%d", end).isEqualTo(ConntrackMessage.Outcome.DAMAGED);
        }
    }

    @Test
    void staysInItsBoundsWhateverTheBytes() {
        for (int seed = 0; seed < 30_000; seed++) {
            Random random = new Random(seed);
            ByteBuffer bytes = NetlinkSocket.buffer(300);
            int length = connection(bytes, tuple(seed % 2 == 0, Tuple.TCP));
            for (int i = random.nextInt(6); i >= 0; i--) {
                bytes.put(BODY + random.nextInt(length - BODY), (byte) random.nextInt(random.nextBoolean() ? 256 : 20));
            }
            int end = BODY + random.nextInt(length - BODY + 1);
            // What lies beyond the end does not matter.
            ConntrackMessage.Outcome outcome = message.parse(bytes, BODY, end);
            for (int at = end; at < bytes.capacity(); at++) {
                bytes.put(at, (byte) random.nextInt(256));
            }
            assertThat(message.parse(bytes, BODY, end)).as("seed %d", seed).isEqualTo(outcome);
        }
    }

    private boolean parse(String text) {
        byte[] bytes = ("x" + text + "y").getBytes(StandardCharsets.ISO_8859_1);
        return line.parse(bytes, 1, bytes.length - 1);
    }

    @Test
    void readsALineOfTheFile() {
        assertThat(parse(LINE)).isTrue();
        assertThat(line.original.sourceLow).isEqualTo(Tuple.ipv4(0x0a00_010b));
        assertThat(line.original.sourcePort).isEqualTo(40_000);
        assertThat(line.reply.destinationLow).isEqualTo(Tuple.ipv4(0xcb00_7105));
        assertThat(line.reply.destinationPort).isEqualTo(1024);
        assertThat(line.reply.sourcePort).isEqualTo(443);
        assertThat(parse("ipv6     10 udp      17 29 src=fd00:0000::1 dst=2001:db8::2 sport=1 dport=443 packets=1"
                        + " bytes=50 src=2001:db8::2 dst=2001:db8::5 sport=443 dport=1 packets=0 bytes=0 mark=0"))
                .isTrue();
        assertThat(line.original.sourceHigh).isEqualTo(0xfd00_0000_0000_0000L);
    }

    @Test
    void tellsOtherProtocolsFromBrokenLines() {
        assertThat(parse("ipv4     2 icmp     1 29 src=10.0.1.11 dst=198.51.100.10 type=8 code=0 id=1"))
                .isFalse();
        assertThat(line.damaged()).isFalse();
        for (String broken : new String[] {
            "",
            LINE.substring(0, 120),
            LINE.replace("40000", "65536"),
            LINE.replace("40000", ""),
            LINE.replace("10.0.1.11", "10.0.1.256"),
            LINE.replace(" 6 ", " x "),
            LINE + " src=10.0.0.1"
        }) {
            assertThat(parse(broken)).as(broken).isFalse();
            assertThat(line.damaged()).as(broken).isTrue();
        }
    }

    @Test
    void survivesAnyLine() {
        for (int seed = 0; seed < 30_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(LINE);
            for (int i = random.nextInt(8); i >= 0; i--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
            }
            text.setLength(random.nextInt(text.length() + 1));
            parse(text.toString());
        }
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(ConntrackProbe.neither(false, "")).startsWith("this kernel tracks no connections");
        assertThat(ConntrackProbe.neither(true, "reading connection tracking needs CAP_NET_ADMIN (or root)"))
                .endsWith("(or root), and /proc/net/nf_conntrack cannot be read either");
        Conntrack off = Conntrack.off("not asked");
        assertThat(off.readable()).isFalse();
        assertThat(off.original(false, 0, 1, 2, 0, 3, 4, new OriginalSource())).isEqualTo(Tracked.UNKNOWN);
    }
}
