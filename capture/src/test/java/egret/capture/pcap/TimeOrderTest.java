// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeOrderTest {
    private static final long START = 1_700_000_000_000_000_000L;
    private static final long MILLI = 1_000_000L;

    @TempDir
    Path directory;

    /** What can be told of a packet; its bytes say which it is. */
    private record Seen(long nanos, int from, int number) {}

    private final List<Seen> seen = new ArrayList<>();
    private final TimeOrder order = new TimeOrder(this::see);

    private void see(RawPacket packet) {
        int number = packet.bytes.getInt(packet.offset);
        for (int i = 4; i < packet.capturedLength; i++) {
            assertThat(packet.bytes.get(packet.offset + i)).isEqualTo((byte) (number + i));
        }
        assertThat(packet.number).isEqualTo(number);
        assertThat(packet.originalLength).isEqualTo(packet.capturedLength + 1);
        assertThat(packet.linkType).isEqualTo(100 + packet.interfaceIndex);
        seen.add(new Seen(packet.timestampNanos, packet.interfaceIndex, number));
    }

    private static RawPacket packet(Seen what, int interfaces, int length) {
        RawPacket packet = new RawPacket();
        packet.bytes = ByteBuffer.allocateDirect(length + 3);
        packet.offset = 3;
        packet.bytes.putInt(3, what.number);
        for (int i = 4; i < length; i++) {
            packet.bytes.put(3 + i, (byte) (what.number + i));
        }
        packet.capturedLength = length;
        packet.originalLength = length + 1;
        packet.timestampNanos = what.nanos;
        packet.number = what.number;
        packet.interfaceIndex = what.from;
        packet.linkType = 100 + what.from;
        packet.interfaces = interfaces;
        return packet;
    }

    private void comes(TimeOrder to, long millis, int from, int number, int interfaces) {
        to.packet(packet(new Seen(START + millis * MILLI, from, number), interfaces, 10));
    }

    private List<Integer> numbers() {
        return seen.stream().map(Seen::number).toList();
    }

    /** Interfaces that say in blocks what happened in up to half a second. */
    private static List<Seen> blocks(Random random, int interfaces, int count) {
        List<Seen> all = new ArrayList<>();
        long[] upTo = new long[interfaces];
        long block = START;
        while (all.size() < count) {
            block += 500 * MILLI;
            int first = random.nextInt(interfaces);
            for (int i = 0; i < interfaces; i++) {
                int from = (first + i) % interfaces;
                upTo[from] = Math.max(upTo[from], block - 500 * MILLI);
                for (int n = random.nextInt(40); n > 0; n--) {
                    upTo[from] = Math.min(block, upTo[from] + random.nextInt(20) * MILLI);
                    all.add(new Seen(upTo[from], from, all.size()));
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 64})
    void givesWhatASortGives(int interfaces) {
        long seed = 77 + interfaces;
        Random random = new Random(seed);
        List<Seen> all = blocks(random, interfaces, 20_000);

        for (Seen each : all) {
            order.packet(packet(each, interfaces, 4 + random.nextInt(60)));
        }
        order.finish();

        List<Seen> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparingLong(Seen::nanos)); // stable: of the same time, who came first
        assertThat(seen).as("seed %d", seed).isEqualTo(sorted);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 70})
    void losesAndChangesNothingWhenThereIsLittleSpace(int interfaces) {
        long seed = 99;
        Random random = new Random(seed);
        TimeOrder small = new TimeOrder(this::see, 4096);
        List<Seen> all = blocks(random, interfaces, 20_000);

        for (Seen each : all) {
            small.packet(packet(each, interfaces, 4 + random.nextInt(300)));
        }
        small.finish();

        assertThat(seen).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(all);
        for (int from = 0; interfaces == 2 && from < 2; from++) {
            int of = from;
            assertThat(seen.stream().filter(s -> s.from == of).map(Seen::nanos)).isSorted();
        }
    }

    @Test
    void passesPacketsOfOneInterfaceAtOnceAsTheyCome() {
        comes(order, 5, 0, 1, 1);
        comes(order, 3, 0, 2, 1);
        assertThat(numbers()).containsExactly(1, 2);
    }

    @Test
    void givesAPacketAsSoonAsNoInterfaceCanHaveAnEarlierOne() {
        comes(order, 5, 0, 1, 2);
        comes(order, 6, 0, 2, 2);
        assertThat(numbers()).isEmpty();
        comes(order, 5, 1, 3, 2);
        assertThat(numbers()).containsExactly(1, 3);
        comes(order, 7, 0, 4, 2);
        assertThat(numbers()).containsExactly(1, 3);
        order.time(START + 6 * MILLI);
        assertThat(numbers()).containsExactly(1, 3, 2);
        comes(order, 1007, 0, 5, 2);
        assertThat(numbers()).containsExactly(1, 3, 2, 4);
        order.finish();
        assertThat(numbers()).containsExactly(1, 3, 2, 4, 5);
    }

    @Test
    void beginsAnewWhenTheClockWasSetBack() {
        comes(order, 60_000, 0, 1, 2);
        comes(order, 1, 0, 2, 2);
        comes(order, 0, 1, 3, 2);
        order.finish();
        assertThat(numbers()).containsExactly(1, 3, 2);
    }

    @Test
    void ordersTheInterfacesOfAFileAndKeepsTheNumbersOfItsPackets() {
        Path file = new PcapngWriter()
                .section()
                .networkInterface(1, 0)
                .networkInterface(1, 0)
                .packet(1, START / 1000 + 20, new byte[] {'b'})
                .packet(1, START / 1000 + 40, new byte[] {'d'})
                .packet(0, START / 1000 + 10, new byte[] {'a'})
                .packet(0, START / 1000 + 30, new byte[] {'c'})
                .write(directory.resolve("two"));
        for (int threads = 1; threads <= 2; threads++) {
            ReadPackets read = ReadPackets.of(threads, 4096, file);
            assertThat(read.frames()).containsExactly("a", "b", "c", "d");
            assertThat(read.packets()).extracting(ReadPackets.Seen::number).containsExactly(3L, 1L, 4L, 2L);
        }
    }
}
