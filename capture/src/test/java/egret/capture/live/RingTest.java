// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import egret.capture.pcap.PacketSink;
import egret.capture.pcap.RawPacket;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plays the kernel: writes blocks as af_packet.c does. */
class RingTest {
    private static final int BLOCK = RingSocket.BLOCK_BYTES;
    private static final int ETHERNET = 1;
    private static final int LOOPBACK = 772;
    private static final int TUNNEL = 0xfffe;
    private static final int INFINIBAND = 32;
    private static final long STAMP = 1_700_000_000_123_456_789L;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(2 * BLOCK).order(ByteOrder.nativeOrder());
    private final Ring ring = new Ring(memory);
    private final RawPacket packet = new RawPacket();

    private int at;
    private int count;
    private int block;

    private void begin(int number) {
        block = number * BLOCK;
        at = block + 48;
        count = 0;
        memory.putInt(block + 16, 48);
    }

    private void frame(int hardware, int header, int protocol, int direction, byte[] bytes) {
        frame(hardware, header, protocol, direction, bytes, 0, 0, 0);
    }

    private void frame(
            int hardware, int header, int protocol, int direction, byte[] bytes, int status, int tag, int tagType) {
        int network = 68 + Math.max(16, header) + 15 & ~15;
        int start = network - header;
        int length = start + bytes.length + 15 & ~15;
        memory.putInt(at, length).putInt(at + 4, (int) (STAMP / 1_000_000_000L));
        memory.putInt(at + 8, (int) (STAMP % 1_000_000_000L) + count);
        memory.putInt(at + 12, bytes.length)
                .putInt(at + 16, bytes.length + 1000)
                .putInt(at + 20, status);
        memory.putShort(at + 24, (short) start).putShort(at + 26, (short) network);
        memory.putInt(at + 32, tag).putShort(at + 36, (short) tagType);
        memory.put(at + 50, (byte) (protocol >> 8)).put(at + 51, (byte) protocol);
        memory.putInt(at + 52, 7).putShort(at + 56, (short) hardware).put(at + 58, (byte) direction);
        memory.put(at + start, bytes);
        at += length;
        count++;
    }

    private void end() {
        memory.putInt(block + 12, count);
        memory.putInt(block + 32, (int) (STAMP / 1_000_000_000L) - 600); // when the block was begun
        memory.putInt(block + 8, 1);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private List<String> given() {
        List<String> given = new ArrayList<>();
        ring.give(packet, raw -> {
            byte[] bytes = new byte[raw.capturedLength];
            raw.bytes.get(raw.offset, bytes);
            given.add(raw.number + " " + raw.linkType + " " + HexFormat.of().formatHex(bytes) + " of "
                    + raw.originalLength + " on " + raw.interfaceIndex + " at " + (raw.timestampNanos - STAMP));
        });
        return given;
    }

    @Test
    void givesTheBlocksInTurnAndBack() {
        assertThat(ring.ready()).isFalse();
        for (int number : new int[] {0, 1, 0}) {
            begin(number);
            frame(ETHERNET, 14, 0x0800, 0, bytes("0102030405060708090a0b0c 0800 45"));
            end();
            assertThat(ring.ready()).isTrue();
            assertThat(ring.firstNanos()).isEqualTo(STAMP);
            assertThat(given()).hasSize(1);
            assertThat(memory.getInt(number * BLOCK + 8)).as("status").isZero();
            assertThat(ring.ready()).isFalse();
        }
    }

    @Test
    void viewsFramesWhereTheyAre() {
        begin(0);
        frame(ETHERNET, 14, 0x0800, 0, bytes("0102030405060708090a0b0c 0800 45"));
        frame(LOOPBACK, 14, 0x86dd, 0, bytes("000000000000000000000000 86dd 60"));
        end();
        assertThat(given())
                .containsExactly(
                        "1 1 0102030405060708090a0b0c080045 of 1015 on 7 at 0",
                        "2 1 00000000000000000000000086dd60 of 1015 on 7 at 1");
        assertThat(packet.bytes.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    }

    @Test
    void skipsWhatLoopbackSends() {
        begin(0);
        frame(LOOPBACK, 14, 0x0800, 4, bytes("000000000000000000000000 0800 45"));
        frame(LOOPBACK, 14, 0x0800, 0, bytes("000000000000000000000000 0800 45"));
        frame(ETHERNET, 14, 0x0800, 4, bytes("0102030405060708090a0b0c 0800 45"));
        end();
        assertThat(given()).hasSize(2);
        assertThat(ring.duplicates()).isEqualTo(1);
    }

    @Test
    void beginsAtIpWhereTheLinkHeaderIsUnknown() {
        begin(0);
        frame(TUNNEL, 0, 0x0800, 0, bytes("4500"));
        frame(INFINIBAND, 4, 0x86dd, 0, bytes("01020304 6000"));
        frame(INFINIBAND, 4, 0x0800, 0, bytes("0102")); // cut before IP
        frame(INFINIBAND, 4, 0x0806, 0, bytes("01020304 0001"));
        end();
        assertThat(given())
                .containsExactly(
                        "1 101 4500 of 1002 on 7 at 0", "2 101 6000 of 1002 on 7 at 1", "3 101  of 998 on 7 at 2");
        assertThat(ring.foreign()).isEqualTo(1);
    }

    @Test
    void putsVlanTagsBack() {
        byte[] frame = bytes("0102030405060708090a0b0c 0800 45");
        begin(0);
        frame(ETHERNET, 14, 0x0800, 0, frame, 1 << 4, 0x2005, 0);
        frame(ETHERNET, 14, 0x0800, 0, frame, 1 << 4 | 1 << 6, 100, 0x88a8);
        frame(ETHERNET, 14, 0x0800, 0, frame, 1, 0, 0);
        frame(ETHERNET, 14, 0x0800, 0, bytes("0102030405"), 1 << 4, 0x2005, 0);
        end();
        assertThat(given())
                .containsExactly(
                        "1 1 0102030405060708090a0b0c81002005080045 of 1019 on 7 at 0",
                        "2 1 0102030405060708090a0b0c88a80064080045 of 1019 on 7 at 1",
                        "3 1 0102030405060708090a0b0c080045 of 1015 on 7 at 2",
                        "4 1 0102030405 of 1005 on 7 at 3");
    }

    @Test
    void seesThatABlockIsBeingFilled() {
        assertThat(ring.filling()).isFalse();
        begin(0);
        frame(ETHERNET, 14, 0x0800, 0, bytes("0102030405060708090a0b0c 0800 45"));
        memory.putInt(block + 12, count); // as af_packet.c does with each packet
        assertThat(ring.ready()).isFalse();
        assertThat(ring.filling()).isTrue();
        end();
        assertThat(ring.filling()).isFalse();
        assertThat(given()).hasSize(1);
    }

    @Test
    void anEmptyBlockIsGivenBack() {
        begin(0);
        end();
        assertThat(ring.ready()).isTrue();
        assertThat(ring.firstNanos()).isZero();
        assertThat(given()).isEmpty();
        assertThat(ring.ready()).isFalse();
    }

    @Test
    void allocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] frame = bytes("0102030405060708090a0b0c 0800 45");
        long[] bytes = new long[1];
        PacketSink sink = raw -> bytes[0] += raw.capturedLength;
        long warm = 0;
        for (int round = 0; round < 40; round++) {
            begin(round & 1);
            for (int i = 0; i < 700; i++) {
                frame(i % 7 == 0 ? INFINIBAND : ETHERNET, 14, 0x0800, 0, frame, i % 5 == 0 ? 1 << 4 : 0, 5, 0);
            }
            end();
            long before = threads.getCurrentThreadAllocatedBytes();
            if (ring.ready()) {
                ring.give(packet, sink);
            }
            warm += round < 20 ? 0 : threads.getCurrentThreadAllocatedBytes() - before;
        }
        // 14,000 packets: the smallest object for each would be 224,000 bytes; the JVM itself may take some hundred.
        assertThat(warm).isLessThan(10_000);
        assertThat(bytes[0]).isGreaterThan(40 * 700);
    }
}
