// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The tracker's reused objects. */
final class Pools {
    /** What all connections together may hold back: hellos in pieces and segments out of order. */
    private static final long BUDGET = 32L << 20;

    private static final int MAX_STARTS = 4096;

    private final ByteBudget budget = new ByteBudget(BUDGET);
    private Connection[] connections = new Connection[1024];
    private int[] free = new int[1024];
    private int freeCount;
    private int made;

    private final ArrayDeque<StreamStart> starts = new ArrayDeque<>();
    private int startsMade;
    private long startsRefused;
    private final SegmentBuffers segments = new SegmentBuffers(budget);
    private final ArrayDeque<RecordReader> readers = new ArrayDeque<>();

    Connection connection(long key1, long key2) {
        Connection connection;
        if (freeCount > 0) {
            connection = connections[free[--freeCount]];
        } else {
            if (made == connections.length) {
                connections = Arrays.copyOf(connections, made * 2);
                free = Arrays.copyOf(free, made * 2);
            }
            connection = new Connection();
            connection.index = made;
            connections[made++] = connection;
        }
        connection.generation++;
        connection.reset(key1, key2);
        return connection;
    }

    Connection at(int index) {
        return connections[index];
    }

    /** A handle that outlives the connection: {@link #resolve} finds out whether it is still the same one. */
    static long handle(Connection connection) {
        return ((long) connection.generation << 32) | connection.index;
    }

    @Nullable
    Connection resolve(long handle) {
        Connection connection = connections[(int) handle];
        return connection.generation == (int) (handle >>> 32) ? connection : null;
    }

    void recycle(Connection connection) {
        connection.generation++;
        connection.attachment = null;
        StreamStart start = connection.start;
        if (start != null) {
            connection.start = null;
            recycle(start);
        }
        RecordReader client = connection.client;
        if (client != null) {
            connection.client = null;
            readers.push(client);
        }
        RecordReader server = connection.server;
        if (server != null) {
            connection.server = null;
            readers.push(server);
        }
        free[freeCount++] = connection.index;
    }

    void recycle(StreamStart start) {
        start.shrink();
        starts.push(start);
    }

    /** Null when {@value #MAX_STARTS} connections already wait for the rest of their hello. */
    @Nullable
    StreamStart start(int sequence) {
        StreamStart start = starts.poll();
        if (start == null) {
            if (startsMade == MAX_STARTS) {
                startsRefused++;
                return null;
            }
            startsMade++;
            start = new StreamStart(budget);
        }
        start.reset(sequence);
        return start;
    }

    RecordReader reader(boolean fromClient, boolean framing) {
        RecordReader reader = readers.poll();
        if (reader == null) {
            reader = new RecordReader(segments);
        }
        reader.reset(fromClient, framing);
        return reader;
    }

    /** Hellos and segments that were not held back for want of memory. */
    long shed() {
        return startsRefused + budget.refused();
    }
}
