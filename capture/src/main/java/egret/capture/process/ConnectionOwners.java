// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import egret.capture.origin.Quality;
import egret.capture.socket.SocketEvent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Connections by address and port pair, each with the process that opened it. A second index finds them by server and
 * initial sequence number, as NAT changes all else.
 *
 * <p>The latest word on a pair stands. It is exact for a connection of the same sequence number; where one of the two does not
 * say it, for one that began within {@value #CLOSE_NANOS} ns of it. At most {@value #MAX} are kept, the oldest give way.
 */
final class ConnectionOwners {
    /** A minute's worth at 1,000 connections a second; asked about within seconds. */
    static final int MAX = 1 << 16;

    /** The SYN leaves at once; a first SYN that a filter dropped comes again after one second. */
    static final long CLOSE_NANOS = 2_000_000_000L;

    /** The same of sequence numbers alone: few enough are alive for two of 2^32 not to meet. */
    private static final long SEQUENCE_NANOS = 1_000_000_000L;

    /** An entry that gives way sooner is counted. */
    private static final long KEPT_NANOS = 120_000_000_000L;

    /** Until more are told: a NAT has few of its own. */
    private static final int FIRST = 1 << 10;

    private static final int WORDS = 5;
    private static final int PORTS = 4;
    private static final long UDP = 1L << 32;
    private static final int OCCUPIED = 1;
    private static final int SEQUENCE_KNOWN = 2;
    private static final int INFERRED = 4;

    private long[] words = new long[FIRST * WORDS];
    private int[] sequences = new int[FIRST];
    private byte[] flags = new byte[FIRST];
    private byte[] methods = new byte[FIRST];
    private long[] times = new long[FIRST];
    private @Nullable ProcessRecord[] processes = new @Nullable ProcessRecord[FIRST];
    private final EntryIndex byTuple = new EntryIndex(FIRST);
    private final EntryIndex bySequence = new EntryIndex(FIRST);
    private int next;
    private long shed;
    private long lostNanos = Long.MIN_VALUE;
    private Quality quality = Quality.UNKNOWN;

    /**
     * Notes who opened a connection.
     *
     * @param nanos of the event, monotonic
     */
    void put(SocketEvent event, ProcessRecord process, int method, long nanos) {
        put(event, process, method, nanos, event.inferred);
    }

    /** @param weak of one that found it out afterwards: what another method told as exact stands */
    void put(SocketEvent event, ProcessRecord process, int method, long nanos, boolean weak) {
        long ports = ports(event.udp, event.sourcePort, event.destinationPort);
        int hash = hash(event.sourceHigh, event.sourceLow, event.destinationHigh, event.destinationLow, ports);
        int at = find(hash, event.sourceHigh, event.sourceLow, event.destinationHigh, event.destinationLow, ports);
        if (at >= 0) {
            if (weak && (flags[at] & INFERRED) == 0 && methods[at] != method) {
                return;
            }
            if (event.inferred && (flags[at] & INFERRED) == 0 && nanos - times[at] < CLOSE_NANOS) {
                return;
            }
            if (toldAgain(at, event, process, nanos)) {
                if (!event.inferred) {
                    flags[at] &= ~INFERRED;
                    processes[at] = process;
                    methods[at] = (byte) method;
                }
                if (event.initialSequenceKnown) {
                    sequence(at, event.initialSequence);
                }
                return;
            }
            overtaken(at);
        }
        at = room(nanos);
        int word = at * WORDS;
        words[word] = event.sourceHigh;
        words[word + 1] = event.sourceLow;
        words[word + 2] = event.destinationHigh;
        words[word + 3] = event.destinationLow;
        words[word + PORTS] = ports;
        flags[at] = (byte) (OCCUPIED | (event.inferred ? INFERRED : 0));
        methods[at] = (byte) method;
        times[at] = nanos;
        processes[at] = process;
        byTuple.add(at, hash);
        if (event.initialSequenceKnown) {
            sequence(at, event.initialSequence);
        }
    }

    /** Events were lost: what was told before may have been overtaken unseen. */
    void lost(long nanos) {
        lostNanos = nanos;
    }

    /** Entries that gave way before their time. */
    long shed() {
        return shed;
    }

    /** The entry that answers, or -1; {@link #quality} says how sure that is. */
    int find(ConnectionQuery query) {
        quality = Quality.UNKNOWN;
        int at = byTuple(query);
        if (at < 0 && query.sequenceKnown && !query.udp) {
            at = bySequence(query);
        }
        return at;
    }

    /** Of the last {@link #find}. */
    Quality quality() {
        return quality;
    }

    @Nullable
    ProcessRecord process(int at) {
        return processes[at];
    }

    int method(int at) {
        return methods[at];
    }

    private int byTuple(ConnectionQuery q) {
        int at = find(q, q.sourceHigh, q.sourceLow, q.destinationHigh, q.destinationLow, q.destinationPort);
        if (at >= 0) {
            quality = quality(at, q);
            return quality == Quality.UNKNOWN ? -1 : at;
        }
        if (!q.udp) {
            return -1;
        }
        // A socket that is not connected: the kernel told its own address, or only its port.
        at = find(q, q.sourceHigh, q.sourceLow, 0, 0, 0);
        at = at >= 0 ? at : find(q, 0, 0, 0, 0, 0);
        quality = at >= 0 ? Quality.INFERRED : Quality.UNKNOWN;
        return at;
    }

    private Quality quality(int at, ConnectionQuery q) {
        boolean told = (flags[at] & INFERRED) == 0;
        if (q.sequenceKnown && (flags[at] & SEQUENCE_KNOWN) != 0) {
            if (q.sequence != sequences[at]) {
                return Quality.UNKNOWN;
            }
            return told ? Quality.EXACT : Quality.INFERRED;
        }
        long age = q.openedNanos - times[at];
        if (age < -CLOSE_NANOS) {
            return Quality.UNKNOWN; // It tells of a later one on the same ports.
        }
        // One that was under way, or whose socket sends many datagrams, may be as old as it likes if no word was
        // missed.
        boolean stands = age <= CLOSE_NANOS || ((q.midStream || q.udp) && times[at] > lostNanos);
        return told && stands ? Quality.EXACT : Quality.INFERRED;
    }

    private int bySequence(ConnectionQuery q) {
        int found = -1;
        int slot = bySequence.first(sequenceHash(q.destinationHigh, q.destinationLow, q.destinationPort, q.sequence));
        for (int at = bySequence.entry(slot); at >= 0; at = bySequence.entry(slot)) {
            if (isServer(at, q.destinationHigh, q.destinationLow, q.destinationPort)
                    && sequences[at] == q.sequence
                    && (found < 0 || times[at] > times[found])) {
                found = at;
            }
            slot = bySequence.next(slot);
        }
        if (found >= 0) {
            boolean exact = (flags[found] & INFERRED) == 0 && Math.abs(q.openedNanos - times[found]) <= SEQUENCE_NANOS;
            quality = exact ? Quality.EXACT : Quality.INFERRED;
        }
        return found;
    }

    private int find(ConnectionQuery q, long high, long low, long otherHigh, long otherLow, int otherPort) {
        long ports = ports(q.udp, q.sourcePort, otherPort);
        return find(hash(high, low, otherHigh, otherLow, ports), high, low, otherHigh, otherLow, ports);
    }

    private int find(int hash, long high, long low, long otherHigh, long otherLow, long ports) {
        int slot = byTuple.first(hash);
        for (int at = byTuple.entry(slot); at >= 0; at = byTuple.entry(slot)) {
            int word = at * WORDS;
            if (words[word + 1] == low
                    && words[word + PORTS] == ports
                    && words[word + 3] == otherLow
                    && words[word] == high
                    && words[word + 2] == otherHigh) {
                return at;
            }
            slot = byTuple.next(slot);
        }
        return -1;
    }

    /** Whether the event tells more of the connection that is noted, not of a later one on the same ports. */
    private boolean toldAgain(int at, SocketEvent event, ProcessRecord process, long nanos) {
        boolean known = (flags[at] & SEQUENCE_KNOWN) != 0;
        if (known && event.initialSequenceKnown) {
            return sequences[at] == event.initialSequence;
        }
        if (event.udp) {
            return processes[at] == process;
        }
        boolean close = nanos - times[at] < CLOSE_NANOS;
        // Without a number after one with it: the next one, unless another source tells the same late.
        return close && (!known || nanos <= times[at]) && (processes[at] == process || event.initialSequenceKnown);
    }

    private void sequence(int at, int sequence) {
        if ((flags[at] & SEQUENCE_KNOWN) != 0) {
            bySequence.remove(at);
        }
        sequences[at] = sequence;
        flags[at] |= SEQUENCE_KNOWN;
        int word = at * WORDS;
        bySequence.add(
                at, sequenceHash(words[word + 2], words[word + 3], (int) words[word + PORTS] & 0xffff, sequence));
    }

    /** An entry that is free: the oldest, if all are taken. */
    private int room(long nanos) {
        if (next == times.length) {
            next = next < MAX ? grow() : 0;
        }
        int at = next++;
        if ((flags[at] & OCCUPIED) != 0) {
            if (nanos - times[at] < KEPT_NANOS) {
                shed++;
            }
            remove(at);
        }
        return at;
    }

    /** The first of the new entries. */
    private int grow() {
        int size = times.length;
        words = Arrays.copyOf(words, 2 * size * WORDS);
        sequences = Arrays.copyOf(sequences, 2 * size);
        flags = Arrays.copyOf(flags, 2 * size);
        methods = Arrays.copyOf(methods, 2 * size);
        times = Arrays.copyOf(times, 2 * size);
        processes = Arrays.copyOf(processes, 2 * size);
        byTuple.grow();
        bySequence.grow();
        return size;
    }

    /** A later connection has its ports: as its packets may still wait, its sequence number finds it. */
    private void overtaken(int at) {
        if ((flags[at] & SEQUENCE_KNOWN) != 0) {
            byTuple.remove(at);
        } else {
            remove(at);
        }
    }

    private void remove(int at) {
        byTuple.remove(at);
        if ((flags[at] & SEQUENCE_KNOWN) != 0) {
            bySequence.remove(at);
        }
        flags[at] = 0;
        processes[at] = null;
    }

    private boolean isServer(int at, long high, long low, int port) {
        int word = at * WORDS;
        long ports = words[word + PORTS];
        return words[word + 3] == low && words[word + 2] == high && (ports & 0xffff) == port && (ports & UDP) == 0;
    }

    private static long ports(boolean udp, int source, int destination) {
        return (udp ? UDP : 0) | ((long) (source & 0xffff) << 16) | (destination & 0xffff);
    }

    private static int hash(long high, long low, long otherHigh, long otherLow, long ports) {
        return EntryIndex.hash(EntryIndex.hash(high, low, ports), otherHigh, otherLow);
    }

    private static int sequenceHash(long high, long low, int port, int sequence) {
        return EntryIndex.hash(high, low, ((long) sequence << 16) | port);
    }
}
