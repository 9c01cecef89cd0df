// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.nio.ByteBuffer;

/**
 * Reads one page of a trace ring buffer, as {@code trace_pipe_raw} gives it, in the machine's byte order
 * (include/linux/ring_buffer.h; {@code events/header_page} and {@code header_event} in tracefs):
 *
 * <pre>
 *  time of the first event (8)   length of the events, with two flags (8)   events ...   [number of lost events (8)]
 *
 *  event: type (5 bits), nanoseconds since the one before (27 bits)
 *    0        the length of the rest, with itself (4), then the event
 *    1 to 28  an event of as many words
 *    29       nothing, of the length in the next word; the end of the page if no time has gone by
 *    30       more time: the next word times 2^27
 *    31       the time itself: the next word times 2^27
 * </pre>
 */
final class TracePage {
    /** Takes one event; the bytes are good during the call. */
    interface Events {
        void event(long monotonicNanos, ByteBuffer page, int at, int length);

        /** Events are missing between the last one and the one that comes at this time. */
        void gap(long monotonicNanos);
    }

    static final int DATA = 16;
    static final int COMMIT = 8;

    private static final int MISSED = 1 << 31;
    private static final int MISSED_STORED = 1 << 30;

    private static final int TYPE_PADDING = 29;
    private static final int TYPE_TIME_EXTEND = 30;
    private static final int TYPE_TIME_STAMP = 31;

    /** The highest five bits are not in an event's time stamp. */
    private static final long TIME_STAMP_REST = 0xf800_0000_0000_0000L;

    private long lost;
    private long damaged;

    /** Events that were overwritten before they were read; 1 where the kernel does not say how many. */
    long lost() {
        return lost;
    }

    /** Pages that made no sense up to their end. */
    long damaged() {
        return damaged;
    }

    /** @param length bytes of the page that were read */
    void read(ByteBuffer page, int length, Events events) {
        if (length < DATA || length > page.capacity()) {
            damaged++;
            return;
        }
        long time = page.getLong(0);
        int commit = page.getInt(COMMIT);
        int used = commit & ~(MISSED | MISSED_STORED);
        int end = DATA + Math.min(used, length - DATA);
        if ((commit & MISSED) != 0) {
            boolean stored = (commit & MISSED_STORED) != 0 && end + 8 <= length;
            lost += stored ? Math.max(1, page.getLong(end)) : 1;
            events.gap(time);
        }
        boolean whole = events(page, end, time, events) && used <= length - DATA;
        damaged += whole ? 0 : 1;
    }

    /** False if what stands there makes no sense somewhere. */
    private static boolean events(ByteBuffer page, int end, long start, Events events) {
        long time = start;
        int at = DATA;
        while (at + 4 <= end) {
            int header = page.getInt(at);
            int type = header & 31;
            int delta = header >>> 5;
            if (type == TYPE_TIME_EXTEND || type == TYPE_TIME_STAMP) {
                if (at + 8 > end) {
                    return false;
                }
                long longer = delta + ((page.getInt(at + 4) & 0xffff_ffffL) << 27);
                time = type == TYPE_TIME_EXTEND ? time + longer : (time & TIME_STAMP_REST) | longer;
                at += 8;
                continue;
            }
            if (type == TYPE_PADDING && delta == 0) {
                return true;
            }
            time += delta;
            boolean lengthFollows = type == 0 || type == TYPE_PADDING;
            if (lengthFollows && at + 8 > end) {
                return false;
            }
            int rest = lengthFollows ? page.getInt(at + 4) : type * 4;
            if (rest < 4 || rest > end - at - 4) {
                return false;
            }
            if (type != TYPE_PADDING) {
                int skipped = lengthFollows ? 4 : 0;
                events.event(time, page, at + 4 + skipped, rest - skipped);
            }
            at += 4 + rest;
        }
        return at == end;
    }
}
