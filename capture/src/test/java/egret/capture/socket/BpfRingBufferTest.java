// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BpfRingBufferTest {
    private static final int SIZE = 4096;
    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;

    private final ByteBuffer reader = memory(8);
    private final ByteBuffer writers = memory(8);
    private final ByteBuffer data = memory(2 * SIZE);
    private final BpfRingBuffer ring = new BpfRingBuffer(reader, writers, data, SIZE);
    private final List<String> read = new ArrayList<>();

    private static ByteBuffer memory(int length) {
        return ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
    }

    private void poll() {
        ring.poll((bytes, at, length) -> read.add(length + ":" + (length > 0 ? bytes.get(at + length - 1) : 0)));
    }

    /** As the kernel does: what is written at one place is seen at both. */
    private void put(long position, byte value) {
        int at = (int) (position % SIZE);
        data.put(at, value).put(at + SIZE, value);
    }

    private void header(long position, int header) {
        for (int at = 0; at < 4; at++) {
            put(position + at, (byte)
                    (header >>> (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 8 * at : 24 - 8 * at)));
        }
    }

    /** Returns where the record stands. */
    private long write(int length, int flags, int last) {
        long position = writers.getLong(0);
        header(position, length | flags);
        if (length > 0) {
            put(position + 8 + length - 1, (byte) last);
        }
        writers.putLong(0, position + (8 + length + 7 & ~7));
        return position;
    }

    @Test
    void readsRecordsInOrderAndOnce() {
        write(64, 0, 1);
        write(80, 0, 2);
        write(0, 0, 0);
        poll();
        poll();
        assertThat(read).containsExactly("64:1", "80:2", "0:0");
        assertThat(reader.getLong(0)).isEqualTo(writers.getLong(0));
    }

    @Test
    void waitsForARecordThatIsStillWritten() {
        write(8, 0, 1);
        long position = write(8, BUSY, 2);
        write(8, 0, 3);
        poll();
        assertThat(read).containsExactly("8:1");
        header(position, 8);
        poll();
        assertThat(read).containsExactly("8:1", "8:2", "8:3");
    }

    @Test
    void leavesOutWhatItsWriterGaveUp() {
        write(8, DISCARDED, 1);
        write(8, 0, 2);
        poll();
        assertThat(read).containsExactly("8:2");
    }

    @Test
    void readsAcrossTheEndLikeAModelDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Queue<String> expected = new ArrayDeque<>();
        for (int round = 0; round < 5_000; round++) {
            int length = random.nextInt(200);
            long used = writers.getLong(0) - reader.getLong(0);
            if (used + length + 16 > SIZE || random.nextInt(8) == 0) {
                read.clear();
                poll();
                assertThat(read).as("seed " + seed).containsExactlyElementsOf(expected);
                expected.clear();
            }
            int value = random.nextInt(100);
            boolean discarded = random.nextInt(10) == 0;
            write(length, discarded ? DISCARDED : 0, value);
            if (!discarded) {
                expected.add(length + ":" + (length > 0 ? value : 0));
            }
        }
        assertThat(ring.damaged()).isZero();
    }

    @Test
    void survivesWhatNoKernelWrites() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            for (int at = 0; at < 16; at++) {
                put(random.nextInt(SIZE), (byte) random.nextInt());
            }
            long position = reader.getLong(0);
            writers.putLong(0, position + 8L * random.nextInt(SIZE / 8 + 1));
            ring.poll((bytes, at, length) -> {
                assertThat(at).as("seed " + seed).isBetween(8, SIZE + 8);
                assertThat(at + length).as("seed " + seed).isLessThanOrEqualTo(2 * SIZE);
            });
            assertThat(reader.getLong(0)).as("seed " + seed).isBetween(position, writers.getLong(0));
        }
        assertThat(ring.damaged()).isPositive();
    }
}
