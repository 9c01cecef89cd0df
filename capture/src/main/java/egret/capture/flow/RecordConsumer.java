// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import java.nio.ByteBuffer;

/** Takes the records of both directions of a followed connection. */
interface RecordConsumer {
    /** The first {@code available} bytes of the record's body lie at {@code offset} of {@code bytes}. */
    void record(
            Connection connection,
            boolean fromClient,
            int contentType,
            int length,
            ByteBuffer bytes,
            int offset,
            int available,
            long timestampNanos);

    /** Payload that is not framed; the first {@code available} of its bytes lie at {@code offset} of {@code bytes}. */
    void segment(
            Connection connection,
            boolean fromClient,
            int newBytes,
            ByteBuffer bytes,
            int offset,
            int available,
            long timestampNanos);

    void gap(Connection connection, boolean fromClient);
}
