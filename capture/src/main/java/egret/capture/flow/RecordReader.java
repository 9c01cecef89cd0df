// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import egret.capture.decode.Packet;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one direction of a followed connection into TLS records (RFC 8446 section 5.1). Only record headers are read;
 * bodies may be missing. Segments behind a missing header are held, up to {@value #MAX_HELD}, until it comes or the other
 * side acknowledges it: then it is given up, so that the records of both directions stay in order.
 * When a header is missing, the reader reports a gap and goes on at the next segment that begins with a header. Pooled.
 */
final class RecordReader {
    private static final int MAX_HELD = 16;
    private static final int HEADER = 5;

    /** TLS 1.2 allows 2^14 + 2048 bytes in a record. */
    private static final int MAX_RECORD = 16384 + 2048;

    private final int[] heldSequence = new int[MAX_HELD];
    private final @Nullable ByteBuffer[] heldBytes = new @Nullable ByteBuffer[MAX_HELD];
    private final int[] heldCaptured = new int[MAX_HELD];
    private final int[] heldOriginal = new int[MAX_HELD];
    private int held;

    private final SegmentBuffers buffers;
    private boolean fromClient;
    private boolean started;
    private boolean framed;
    private boolean framing;
    private int next;
    private int left;
    private int headerHave;
    private int contentType;
    private int length;
    private long bytes;
    private final SplitHello serverHello = new SplitHello();

    RecordReader(SegmentBuffers buffers) {
        this.buffers = buffers;
    }

    /** @param framing false when records cannot be read from this connection, so that only segments are reported */
    void reset(boolean fromClient, boolean framing) {
        this.fromClient = fromClient;
        this.framing = framing;
        started = false;
        framed = false;
        left = 0;
        headerHave = 0;
        bytes = 0;
        serverHello.reset(!fromClient && framing);
    }

    /** The next byte has this sequence number and begins a record. */
    void startAt(int sequence) {
        next = sequence;
        started = true;
        framed = framing;
    }

    /** Where the next byte lies is known. */
    boolean started() {
        return started;
    }

    /** Payload bytes, each once; also those within records that were skipped. */
    long bytes() {
        return bytes;
    }

    void segment(Connection connection, Packet packet, RecordConsumer consumer) {
        take(
                connection,
                packet.sequence,
                packet.bytes,
                packet.payloadOffset,
                packet.payloadLength,
                packet.payloadOriginalLength,
                packet.timestampNanos,
                consumer);
    }

    /** Takes what a stream's beginning holds behind the hello. */
    void rest(Connection connection, StreamStart start, long timestampNanos, RecordConsumer consumer) {
        int skip = next - start.base();
        int length = start.length();
        if (skip < length) {
            consume(connection, start.bytes(), skip, length - skip, length - skip, 0, timestampNanos, consumer);
        }
        for (int piece = length > 0 ? 1 : 0; piece < start.pieces(); piece++) {
            int from = start.pieceStart(piece);
            int size = start.pieceEnd(piece) - from;
            take(connection, start.base() + from, start.bytes(), from, size, size, timestampNanos, consumer);
        }
    }

    private void take(
            Connection connection,
            int sequence,
            ByteBuffer from,
            int offset,
            int captured,
            int original,
            long timestampNanos,
            RecordConsumer consumer) {
        if (!started) {
            next = sequence;
            started = true;
        }
        int ahead = sequence - next;
        if (ahead > 0 && framed && ahead <= left && !serverHello.open()) {
            // Within the body of a record: nobody waits for that.
            left -= ahead;
            next += ahead;
            bytes += ahead;
            ahead = 0;
        }
        if (ahead > 0 && hold(sequence, from, offset, captured, original)) {
            return;
        }
        if (ahead > 0) {
            releaseBefore(connection, sequence, timestampNanos, consumer);
            ahead = sequence - next;
            if (ahead > 0) {
                missing(connection, ahead, consumer);
                ahead = 0;
            }
        }
        consume(connection, from, offset, captured, original, -ahead, timestampNanos, consumer);
        release(connection, timestampNanos, consumer);
    }

    /** Reads in-order bytes; the first {@code skip} of them were read before. */
    private void consume(
            Connection connection,
            ByteBuffer from,
            int offset,
            int captured,
            int original,
            int skip,
            long timestampNanos,
            RecordConsumer consumer) {
        if (skip >= original) {
            return;
        }
        int position = skip;
        int fresh = original - skip;
        next += fresh;
        bytes += fresh;
        if (!framed && (skip > 0 || !resume(from, offset, captured))) {
            unframed(connection, fresh, from, offset + skip, captured - skip, timestampNanos, consumer);
            return;
        }
        while (position < original) {
            if (left > 0) {
                int body = Math.min(left, original - position);
                if (serverHello.open()) {
                    serverHello.add(
                            from, offset + position, Math.min(body, captured - position), body, connection, consumer);
                }
                left -= body;
                position += body;
            } else if (position >= captured) {
                framed = false; // cut by the snaplen, not missing: the next packet may begin with a record
                left = 0;
                headerHave = 0;
                unframed(connection, original - position, from, offset + position, 0, timestampNanos, consumer);
                return;
            } else if (!header(from.get(offset + position++))) {
                lose(connection, consumer);
                unframed(
                        connection,
                        original - position + 1,
                        from,
                        offset + position - 1,
                        captured - position + 1,
                        timestampNanos,
                        consumer);
                return;
            } else if (headerHave == HEADER) {
                headerHave = 0;
                left = length;
                record(connection, from, offset + position, captured - position, timestampNanos, consumer);
            }
        }
    }

    private void record(
            Connection connection,
            ByteBuffer from,
            int offset,
            int captured,
            long timestampNanos,
            RecordConsumer consumer) {
        int available = Math.min(captured, length);
        if (!serverHello.begin(contentType, length, from, offset, available, timestampNanos)) {
            consumer.record(connection, fromClient, contentType, length, from, offset, available, timestampNanos);
        }
    }

    private void unframed(
            Connection connection,
            int count,
            ByteBuffer from,
            int offset,
            int captured,
            long timestampNanos,
            RecordConsumer consumer) {
        int available = Math.max(0, Math.min(captured, count));
        consumer.segment(connection, fromClient, count, from, offset, available, timestampNanos);
    }

    /** Takes one byte of a record header; false when it cannot be one. */
    private boolean header(byte b) {
        int value = b & 0xff;
        int at = headerHave++;
        if (at == 0) {
            contentType = value;
            return value >= 20 && value <= 24;
        }
        if (at < 3) {
            return at == 1 ? value == 3 : value <= 4;
        }
        length = at == 3 ? value << 8 : length | value;
        return length <= MAX_RECORD;
    }

    private boolean resume(ByteBuffer from, int offset, int captured) {
        if (!framing || captured < HEADER) {
            return false;
        }
        int size = from.getShort(offset + 3) & 0xffff;
        int type = from.get(offset) & 0xff;
        boolean plausible = type >= 20
                && type <= 24
                && from.get(offset + 1) == 3
                && (from.get(offset + 2) & 0xff) <= 4
                && size <= MAX_RECORD;
        framed = plausible;
        return plausible;
    }

    private void lose(Connection connection, RecordConsumer consumer) {
        serverHello.end(connection, consumer);
        framed = false;
        left = 0;
        headerHave = 0;
        consumer.gap(connection, fromClient);
    }

    /** {@code count} bytes will not come; that matters only if there was a header among them. */
    private void missing(Connection connection, int count, RecordConsumer consumer) {
        next += count;
        serverHello.end(connection, consumer);
        if (framed && count <= left) {
            left -= count;
        } else if (framed) {
            lose(connection, consumer);
        }
    }

    private boolean hold(int sequence, ByteBuffer from, int offset, int captured, int original) {
        ByteBuffer copy = held == MAX_HELD ? null : buffers.take(captured);
        if (copy == null) {
            return false;
        }
        copy.put(0, from, offset, captured);
        heldBytes[held] = copy;
        heldSequence[held] = sequence;
        heldCaptured[held] = captured;
        heldOriginal[held] = original;
        held++;
        return true;
    }

    /** Reads the held segments that are in order now. */
    private void release(Connection connection, long timestampNanos, RecordConsumer consumer) {
        for (int i = 0; i < held; ) {
            if (heldSequence[i] - next <= 0) {
                consumeHeld(connection, i, timestampNanos, consumer);
                i = 0;
            } else {
                i++;
            }
        }
    }

    /** The other side has all bytes before this one, so what is missing of them will not be captured any more. */
    void acknowledged(Connection connection, int sequence, long timestampNanos, RecordConsumer consumer) {
        if (held > 0) {
            releaseBefore(connection, sequence, timestampNanos, consumer);
            release(connection, timestampNanos, consumer);
        }
    }

    /** Gives up what is missing before the held segments that lie before {@code sequence}, in their order. */
    private void releaseBefore(Connection connection, int sequence, long timestampNanos, RecordConsumer consumer) {
        for (int first = firstHeld(); first >= 0 && heldSequence[first] - sequence < 0; first = firstHeld()) {
            releaseFirst(connection, first, timestampNanos, consumer);
        }
    }

    private void releaseFirst(Connection connection, int first, long timestampNanos, RecordConsumer consumer) {
        int ahead = heldSequence[first] - next;
        if (ahead > 0) {
            missing(connection, ahead, consumer);
        }
        consumeHeld(connection, first, timestampNanos, consumer);
    }

    /** The held segment nearest to what was read, -1 if there is none. */
    private int firstHeld() {
        int first = -1;
        for (int i = 0; i < held; i++) {
            if (first < 0 || heldSequence[i] - heldSequence[first] < 0) {
                first = i;
            }
        }
        return first;
    }

    private void consumeHeld(Connection connection, int i, long timestampNanos, RecordConsumer consumer) {
        ByteBuffer from = Objects.requireNonNull(heldBytes[i]);
        int sequence = heldSequence[i];
        int original = heldOriginal[i];
        int captured = heldCaptured[i];
        held--;
        heldBytes[i] = heldBytes[held];
        heldSequence[i] = heldSequence[held];
        heldCaptured[i] = heldCaptured[held];
        heldOriginal[i] = heldOriginal[held];
        heldBytes[held] = null;
        consume(connection, from, 0, captured, original, next - sequence, timestampNanos, consumer);
        buffers.give(from);
    }

    /** The connection is over: what is held is read, and what is missing given up. */
    void finish(Connection connection, long timestampNanos, RecordConsumer consumer) {
        for (int first = firstHeld(); first >= 0; first = firstHeld()) {
            releaseFirst(connection, first, timestampNanos, consumer);
        }
        serverHello.end(connection, consumer);
    }
}
