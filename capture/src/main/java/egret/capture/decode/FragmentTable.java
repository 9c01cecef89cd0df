// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams of which fragments are held, at most {@link #MAX_DATAGRAMS} and {@link #MAX_CHUNKS} of memory, each for at
 * most {@link #MAX_AGE_NANOS} of packet time; beyond that the oldest is shed and its fragments are counted. Where
 * fragments overlap, the first that came wins (block by block of 8 bytes). Memory is taken when it is first needed and
 * then used again.
 */
final class FragmentTable {
    /** Linux holds as long (net.ipv4.ipfrag_time). */
    static final long MAX_AGE_NANOS = 30_000_000_000L;

    static final int MAX_DATAGRAMS = 256;

    /** 2 MiB: 32 datagrams of the greatest length. */
    static final int MAX_CHUNKS = 1024;

    private static final int MAX_LENGTH = 65535;
    private static final int CHUNKS_PER_SLAB = 64;
    private static final int BUCKETS = 256;

    private final @Nullable ByteBuffer[] slabs = new ByteBuffer[MAX_CHUNKS / CHUNKS_PER_SLAB];
    private final int[] freeChunks = new int[MAX_CHUNKS];
    private int freeChunkCount;
    private int usedChunks;

    private final @Nullable FragmentedDatagram[] buckets = new FragmentedDatagram[BUCKETS];
    private @Nullable FragmentedDatagram oldest;
    private @Nullable FragmentedDatagram newest;
    private @Nullable FragmentedDatagram spare;
    private int count;

    /** The last datagram that became whole. */
    private @Nullable ByteBuffer whole;

    private long shed;
    private long held;

    /** Fragments given up because their datagram did not become whole in time or in the bounds. */
    long shed() {
        return shed;
    }

    /** Fragments that wait at present. */
    long held() {
        return held;
    }

    int datagrams() {
        return count;
    }

    /** Bytes of fragments' payload that the table has memory for, in use or not. */
    long reservedBytes() {
        long bytes = whole == null ? 0 : MAX_LENGTH + 1;
        for (ByteBuffer slab : slabs) {
            bytes += slab == null ? 0 : slab.capacity();
        }
        return bytes;
    }

    /**
     * Takes the fragment at the cursor, whose packet's addresses are set. When that makes its datagram whole, the
     * cursor moves to the datagram's payload, in a buffer of this table that is valid until the next one is whole.
     *
     * @param key tells datagrams between the same addresses apart
     * @param protocol as this fragment's header names it
     * @return the whole datagram's protocol, or an outcome
     */
    int add(Cursor c, long key, int protocol, int offset, boolean more) {
        int length = c.wire - c.position;
        if (length <= 0 || length > MAX_LENGTH - offset || (more && (length & 7) != 0)) {
            return Layer.MALFORMED;
        }
        Packet packet = c.packet;
        long now = packet.timestampNanos;
        expire(now);
        int bucket = bucket(packet, key);
        FragmentedDatagram datagram = buckets[bucket];
        while (datagram != null && !datagram.is(packet, key)) {
            datagram = datagram.nextInBucket;
        }
        if (datagram == null) {
            datagram = enter(packet, key, bucket);
        }
        datagram.fragments++;
        held++;
        if (datagram.accepts(offset, length, more)) {
            if (offset == 0 && datagram.protocol < 0) {
                datagram.protocol = protocol;
            }
            copy(c, datagram, offset, length);
        }
        if (!datagram.isWhole()) {
            return Layer.FRAGMENT_HELD;
        }
        int wholeProtocol = datagram.protocol;
        assemble(c, datagram);
        remove(datagram);
        return wholeProtocol;
    }

    private void copy(Cursor c, FragmentedDatagram datagram, int offset, int length) {
        ByteBuffer from = c.bytes;
        int captured = Math.max(0, c.end - c.position);
        boolean cut = false;
        for (int done = 0; done < length; done += 8) {
            int at = offset + done;
            if (!datagram.take(at >>> 3)) {
                continue;
            }
            int there = Math.min(captured, length) - done;
            cut |= there < Math.min(8, length - done);
            if (there <= 0) {
                continue;
            }
            int chunk = chunkOf(datagram, at);
            ByteBuffer slab = slab(chunk);
            int to = position(chunk, at);
            if (there >= 8) {
                slab.putLong(to, from.getLong(c.position + done));
            } else {
                for (int i = 0; i < there; i++) {
                    slab.put(to + i, from.get(c.position + done + i));
                }
            }
        }
        if (cut) {
            datagram.capturedTo(offset + captured);
        }
    }

    private void assemble(Cursor c, FragmentedDatagram datagram) {
        ByteBuffer to = whole;
        if (to == null) {
            to = ByteBuffer.allocateDirect(MAX_LENGTH + 1);
            whole = to;
        }
        int captured = datagram.captured();
        for (int at = 0; at < captured; at += FragmentedDatagram.CHUNK) {
            int chunk = datagram.chunks[at / FragmentedDatagram.CHUNK];
            to.put(at, slab(chunk), position(chunk, at), Math.min(FragmentedDatagram.CHUNK, captured - at));
        }
        c.bytes = to;
        c.position = 0;
        c.end = captured;
        c.wire = datagram.length();
    }

    private int chunkOf(FragmentedDatagram datagram, int at) {
        int index = at / FragmentedDatagram.CHUNK;
        int chunk = datagram.chunks[index];
        if (chunk < 0) {
            chunk = freeChunk(datagram);
            datagram.chunks[index] = chunk;
        }
        return chunk;
    }

    private int freeChunk(FragmentedDatagram keep) {
        if (freeChunkCount == 0 && usedChunks == MAX_CHUNKS) {
            FragmentedDatagram victim = oldest == keep ? keep.younger : oldest;
            if (victim != null) { // one datagram alone cannot fill the table
                shed(victim);
            }
        }
        return freeChunkCount > 0 ? freeChunks[--freeChunkCount] : usedChunks++;
    }

    private ByteBuffer slab(int chunk) {
        int index = chunk / CHUNKS_PER_SLAB;
        ByteBuffer slab = slabs[index];
        if (slab == null) {
            slab = ByteBuffer.allocateDirect(CHUNKS_PER_SLAB * FragmentedDatagram.CHUNK);
            slabs[index] = slab;
        }
        return slab;
    }

    private static int position(int chunk, int at) {
        return chunk % CHUNKS_PER_SLAB * FragmentedDatagram.CHUNK + at % FragmentedDatagram.CHUNK;
    }

    private void expire(long now) {
        FragmentedDatagram datagram = oldest;
        // a clock that went back, as between two files, ages as well
        while (datagram != null && Math.abs(now - datagram.since) > MAX_AGE_NANOS) {
            shed(datagram);
            datagram = oldest;
        }
    }

    private void shed(FragmentedDatagram datagram) {
        shed += datagram.fragments;
        remove(datagram);
    }

    private FragmentedDatagram enter(Packet packet, long key, int bucket) {
        FragmentedDatagram first = oldest;
        if (count == MAX_DATAGRAMS && first != null) {
            shed(first);
        }
        FragmentedDatagram datagram = spare;
        if (datagram == null) {
            datagram = new FragmentedDatagram();
        } else {
            spare = datagram.nextInBucket;
        }
        datagram.begin(packet, key);
        datagram.nextInBucket = buckets[bucket];
        buckets[bucket] = datagram;
        FragmentedDatagram last = newest;
        datagram.older = last;
        datagram.younger = null;
        if (last == null) {
            oldest = datagram;
        } else {
            last.younger = datagram;
        }
        newest = datagram;
        count++;
        return datagram;
    }

    private void remove(FragmentedDatagram datagram) {
        held -= datagram.fragments;
        count--;
        int[] chunks = datagram.chunks;
        for (int i = 0; i < chunks.length; i++) {
            if (chunks[i] >= 0) {
                freeChunks[freeChunkCount++] = chunks[i];
                chunks[i] = -1;
            }
        }
        unlinkFromBucket(datagram);
        FragmentedDatagram older = datagram.older;
        FragmentedDatagram younger = datagram.younger;
        if (older == null) {
            oldest = younger;
        } else {
            older.younger = younger;
        }
        if (younger == null) {
            newest = older;
        } else {
            younger.older = older;
        }
        datagram.older = null;
        datagram.younger = null;
        datagram.nextInBucket = spare;
        spare = datagram;
    }

    private void unlinkFromBucket(FragmentedDatagram datagram) {
        int bucket = datagram.bucket(BUCKETS);
        FragmentedDatagram before = buckets[bucket];
        if (before == datagram) {
            buckets[bucket] = datagram.nextInBucket;
            return;
        }
        while (before != null) {
            if (before.nextInBucket == datagram) {
                before.nextInBucket = datagram.nextInBucket;
                return;
            }
            before = before.nextInBucket;
        }
    }

    private static int bucket(Packet packet, long key) {
        return FragmentedDatagram.bucket(packet.sourceLow, packet.destinationLow, key, BUCKETS);
    }
}
