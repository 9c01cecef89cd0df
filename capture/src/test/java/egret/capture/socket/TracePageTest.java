// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TracePageTest {
    private final TracePage pages = new TracePage();
    private final List<String> seen = new ArrayList<>();
    private final TracePage.Events events = new TracePage.Events() {
        @Override
        public void event(long monotonicNanos, ByteBuffer page, int at, int length) {
            seen.add(monotonicNanos + " " + length + " " + page.get(at));
        }

        @Override
        public void gap(long monotonicNanos) {
            seen.add("gap " + monotonicNanos);
        }
    };

    private static byte[] bytes(int length, int first) {
        byte[] bytes = new byte[length];
        bytes[0] = (byte) first;
        return bytes;
    }

    @Test
    void readsEventsOfEveryLengthAndDistance() {
        long start = 5_000_000_000L;
        TraceBytes written = new TraceBytes(start)
                .event(start, bytes(4, 1))
                .event(start + 10, bytes(112, 2))
                .event(start + 20, bytes(200, 3))
                .event(start + 10_000_000_020L, bytes(8, 4))
                .discarded(start + 10_000_000_030L, 16)
                .event(start + 10_000_000_040L, bytes(8, 5))
                .timeStamp(start + 20_000_000_000L)
                .event(start + 20_000_000_001L, bytes(8, 6))
                .commit(false, 0);
        pages.read(written.page, written.length(), events);
        assertThat(seen)
                .containsExactly(
                        start + " 4 1",
                        start + 10 + " 112 2",
                        start + 20 + " 200 3",
                        start + 10_000_000_020L + " 8 4",
                        start + 10_000_000_040L + " 8 5",
                        start + 20_000_000_001L + " 8 6");
        assertThat(pages.damaged()).isZero();
        assertThat(pages.lost()).isZero();
    }

    @Test
    void countsEventsThatTheKernelOverwrote() {
        TraceBytes many = new TraceBytes(7).event(8, bytes(8, 1)).commit(true, 1234);
        pages.read(many.page, many.length(), events);
        assertThat(pages.lost()).isEqualTo(1234);
        TraceBytes some = new TraceBytes(9).event(10, bytes(8, 2)).commit(true, 0);
        pages.read(some.page, some.length(), events);
        assertThat(pages.lost()).isEqualTo(1235);
        assertThat(seen).containsExactly("gap 7", "8 8 1", "gap 9", "10 8 2");
        assertThat(pages.damaged()).isZero();
    }

    @Test
    void countsPagesThatEndTooEarly() {
        TraceBytes written =
                new TraceBytes(7).event(8, bytes(8, 1)).event(9, bytes(8, 2)).commit(false, 0);
        for (int length = 0; length < written.used(); length++) {
            pages.read(written.page, length, events);
            assertThat(pages.damaged()).isEqualTo(length + 1L);
        }
        pages.read(written.page, written.used(), events);
        assertThat(pages.damaged()).isEqualTo(written.used());
    }

    @Test
    void staysInsideOfPagesThatNoKernelWrites() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            TraceBytes written = new TraceBytes(random.nextInt(1000));
            int count = random.nextInt(20);
            for (int number = 0; number < count; number++) {
                written.event(1000 + number, bytes(4 + random.nextInt(160), number));
            }
            written.commit(random.nextInt(10) == 0, random.nextInt(3));
            for (int change = random.nextInt(8); change > 0; change--) {
                written.page.put(random.nextInt(written.used()), (byte) random.nextInt());
            }
            int length = random.nextInt(3) == 0 ? random.nextInt(4097) : 4096;
            pages.read(written.page, length, new TracePage.Events() {
                @Override
                public void event(long monotonicNanos, ByteBuffer page, int at, int size) {
                    assertThat(at).as("seed " + seed).isGreaterThanOrEqualTo(TracePage.DATA + 4);
                    assertThat(size).as("seed " + seed).isNotNegative();
                    assertThat(at + size).as("seed " + seed).isLessThanOrEqualTo(length);
                }

                @Override
                public void gap(long monotonicNanos) {}
            });
        }
        assertThat(pages.damaged()).isPositive();
    }
}
