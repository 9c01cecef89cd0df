// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The server's first record when it comes in several segments, so that its ServerHello can be read at once. A ServerHello
 * has some 120 bytes; {@value #CAPACITY} are put together.
 */
final class SplitHello {
    private static final int CAPACITY = 512;
    private static final int HANDSHAKE = 22;

    private @Nullable ByteBuffer bytes;
    private boolean expected;
    private boolean open;
    private int have;
    private int length;
    private long beganNanos;

    void reset(boolean expect) {
        expected = expect;
        open = false;
    }

    /** Whether bytes are still wanted. */
    boolean open() {
        return open;
    }

    /** A record begins; true if this keeps it until more of it has come. */
    boolean begin(int contentType, int recordLength, ByteBuffer from, int offset, int available, long timestampNanos) {
        boolean split = expected && contentType == HANDSHAKE && available < Math.min(recordLength, CAPACITY);
        expected = false;
        if (!split) {
            return false;
        }
        ByteBuffer to = bytes;
        if (to == null) {
            to = ByteBuffer.allocateDirect(CAPACITY);
            bytes = to;
        }
        to.put(0, from, offset, available);
        open = true;
        have = available;
        length = recordLength;
        beganNanos = timestampNanos;
        return true;
    }

    /** Takes the next bytes of the record, of which {@code available} are there. */
    void add(ByteBuffer from, int offset, int available, int original, Connection connection, RecordConsumer consumer) {
        int more = Math.max(0, Math.min(available, CAPACITY - have));
        ByteBuffer to = bytes;
        if (to != null && more > 0) {
            to.put(have, from, offset, more);
            have += more;
        }
        if (have == Math.min(length, CAPACITY) || more < original) {
            end(connection, consumer);
        }
    }

    /** No more of it comes: it is handed on as it is. */
    void end(Connection connection, RecordConsumer consumer) {
        ByteBuffer from = bytes;
        if (open && from != null) {
            open = false;
            consumer.record(connection, false, HANDSHAKE, length, from, 0, have, beganNanos);
        }
    }
}
