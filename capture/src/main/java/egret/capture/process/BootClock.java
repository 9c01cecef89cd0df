// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * When the machine was booted, so that what the kernel counts from there has a date. Found once: a process keeps its time of
 * start when the clock is set.
 */
final class BootClock {
    /** USER_HZ, which is 100 for every program on every machine that Java runs on. */
    private static final long NANOS_PER_TICK = 10_000_000L;

    private final long bootNanos;

    private BootClock(long bootNanos) {
        this.bootNanos = bootNanos;
    }

    /** @param proc whose {@code uptime} has the seconds since boot */
    static BootClock of(Path proc, long epochNanos) {
        try {
            String text = Files.readString(proc.resolve("uptime"), StandardCharsets.US_ASCII);
            int blank = text.indexOf(' ');
            double seconds = Double.parseDouble(blank < 0 ? text : text.substring(0, blank));
            return new BootClock(epochNanos - (long) (seconds * 1e9));
        } catch (IOException | NumberFormatException ignored) {
            return new BootClock(0); // Then no process has a time of start.
        }
    }

    /** 0 if unknown. */
    long epochNanos(long ticks) {
        return ticks < 0 || bootNanos == 0 ? 0 : bootNanos + ticks * NANOS_PER_TICK;
    }
}
