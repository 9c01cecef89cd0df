// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.nio.ByteBuffer;

/**
 * One interface of a pcapng section: its link type, snaplen and clock (draft-ietf-opsawg-pcapng §4.2).
 */
final class PcapngInterface {
    private static final int OPTION_END = 0;
    private static final int OPTION_RESOLUTION = 9;
    private static final int OPTION_OFFSET_SECONDS = 14;
    private static final int MICROSECONDS = 6;
    private static final int NANOSECONDS = 9;
    private static final int BINARY = 0x80;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Largest power of ten in an unsigned long. */
    private static final int LARGEST_POWER = 19;

    /** Binary fractions finer than this are cut, so that a fraction times 10^9 stays in a long. */
    private static final int FINEST_BITS = 33;

    final int linkType;

    /** Unsigned; 0 is no limit. */
    final int snaplen;

    final int largestCaptured;

    /** if_tsresol: a negative power of ten, or with the highest bit set of two. */
    private final int resolution;

    /** Nanoseconds per unit, or 0 when a unit is shorter than a nanosecond or binary. */
    private final long nanosPerUnit;

    private final long offsetNanos;

    /** Reads an interface description block of which {@code [offset, end)} is the part between the two lengths. */
    PcapngInterface(ByteBuffer bytes, int offset, int end, boolean littleEndian) {
        linkType = int16(bytes, offset, littleEndian);
        int announced = bytes.getInt(offset + 4);
        snaplen = littleEndian ? Integer.reverseBytes(announced) : announced;
        largestCaptured = RecordFormat.largestCaptured(snaplen);
        int unit = MICROSECONDS;
        long seconds = 0;
        int at = offset + 8;
        while (end - at >= 4) {
            int code = int16(bytes, at, littleEndian);
            int length = int16(bytes, at + 2, littleEndian);
            at += 4;
            if (code == OPTION_END || end - at < length) {
                break;
            }
            if (code == OPTION_RESOLUTION && length == 1) {
                unit = bytes.get(at) & 0xff;
            } else if (code == OPTION_OFFSET_SECONDS && length == 8) {
                seconds = littleEndian ? Long.reverseBytes(bytes.getLong(at)) : bytes.getLong(at);
            }
            at += (length + 3) & ~3;
        }
        resolution = unit;
        nanosPerUnit = unit <= NANOSECONDS ? powerOfTen(NANOSECONDS - unit) : 0;
        offsetNanos = saturatedProduct(seconds, NANOS_PER_SECOND);
    }

    private static int int16(ByteBuffer bytes, int offset, boolean littleEndian) {
        short value = bytes.getShort(offset);
        return Short.toUnsignedInt(littleEndian ? Short.reverseBytes(value) : value);
    }

    /** Nanoseconds since the epoch of a timestamp (unsigned) in this interface's units; at the ends of a long, its end. */
    long nanos(long timestamp) {
        long nanos;
        if (nanosPerUnit == 0) {
            nanos = nanosOfFineUnits(timestamp);
        } else if (timestamp < 0) {
            nanos = Long.MAX_VALUE;
        } else {
            nanos = saturatedProduct(timestamp, nanosPerUnit);
        }
        return offsetNanos == 0 ? nanos : saturatedSum(nanos, offsetNanos);
    }

    private long nanosOfFineUnits(long timestamp) {
        if ((resolution & BINARY) == 0) {
            int power = resolution - NANOSECONDS;
            return power > LARGEST_POWER ? 0 : Long.divideUnsigned(timestamp, powerOfTen(power));
        }
        int bits = resolution & ~BINARY;
        long seconds = bits < Long.SIZE ? timestamp >>> bits : 0;
        long fraction = timestamp;
        if (bits < Long.SIZE) {
            fraction &= (1L << bits) - 1;
        }
        if (bits > FINEST_BITS) {
            int cut = bits - FINEST_BITS;
            fraction = cut < Long.SIZE ? fraction >>> cut : 0;
            bits = FINEST_BITS;
        }
        if (seconds < 0) {
            return Long.MAX_VALUE;
        }
        return saturatedSum(saturatedProduct(seconds, NANOS_PER_SECOND), (fraction * NANOS_PER_SECOND) >>> bits);
    }

    private static long powerOfTen(int power) {
        long product = 1;
        for (int i = 0; i < power; i++) {
            product *= 10;
        }
        return product;
    }

    private static long saturatedProduct(long value, long factor) {
        long low = value * factor;
        if (Math.multiplyHigh(value, factor) == low >> 63) {
            return low;
        }
        return value < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    private static long saturatedSum(long a, long b) {
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) >= 0) {
            return sum;
        }
        return a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
}
