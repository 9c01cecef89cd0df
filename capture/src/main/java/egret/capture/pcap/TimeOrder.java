// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the packets of several interfaces into the order of time. Each interface's packets come in order, but the kernel
 * hands them over in blocks, one interface after the other, and who captures (dumpcap too) writes them as they come: behind
 * a NAT before in front of it. What one interface has said stays in its own order.
 *
 * <p>A packet waits, copied, until each interface has one waiting or a later one is {@value #WINDOW_NANOS} ns ahead. Packets
 * of a capture with one interface pass at once and untouched. Nothing is allocated but the space to wait in, once.
 *
 * <p>Space is a ring of records in the order of arrival; those of an interface are a list. Offsets in bytes:
 *
 * <pre>
 *  0 time | 8 arrival | 16 number | 24 length of the record | 28 captured | 32 original | 36 link type | 40 interface
 *  44 interfaces | 48 file | 52 next of its interface, {@value #NONE} if last, {@value #GIVEN} when given on | 56 frame
 * </pre>
 */
public final class TimeOrder implements PacketSink {
    /** dumpcap lets a quarter of a second pass between two looks at an interface. */
    static final long WINDOW_NANOS = 1_000_000_000L;

    /** What lies further back was stamped by a clock that was set, or is another capture put behind the first. */
    static final long STEP_NANOS = 10_000_000_000L;

    /** Beyond it the earliest goes on before its time: 16 MiB are 130 ms of a gigabit. A frame of more than a 16th goes by. */
    static final int SPACE = 16 << 20;

    /** Interfaces that have packets waiting at the same time; more of them share the last. */
    private static final int INTERFACES = 64;

    private static final int ARRIVAL = 8;
    private static final int NUMBER = 16;
    private static final int LENGTH = 24;
    private static final int CAPTURED = 28;
    private static final int ORIGINAL = 32;
    private static final int LINK = 36;
    private static final int INTERFACE = 40;
    private static final int INTERFACE_COUNT = 44;
    private static final int FILE = 48;
    private static final int NEXT = 52;
    private static final int FRAME = 56;

    private static final int NONE = -1;
    private static final int GIVEN = -2;

    private final PacketSink sink;
    private final RawPacket view = new RawPacket();
    private final int space;
    private @Nullable ByteBuffer records;

    /** Where the next record is written, and the first that is still needed. */
    private int end;

    private int begin;

    /** Behind its last record the ring goes on at 0; {@code NONE} if all lie between begin and end. */
    private int turn = NONE;

    private long arrivals;
    private int waiting;
    private long newestNanos;

    /** Of several files nobody knows how many interfaces there are. */
    private boolean severalFiles;

    private final long[] interfaces = new long[INTERFACES];
    private final int[] first = new int[INTERFACES];
    private final int[] last = new int[INTERFACES];
    private int known;
    private int interfacesWaiting;

    public TimeOrder(PacketSink sink) {
        this(sink, SPACE);
    }

    TimeOrder(PacketSink sink, int space) {
        this.sink = sink;
        this.space = space;
    }

    @Override
    public void packet(RawPacket packet) {
        if (packet.interfaces <= 1 && waiting == 0) {
            sink.packet(packet);
        } else {
            order(packet);
        }
    }

    private void order(RawPacket packet) {
        int length = (FRAME + Math.max(0, packet.capturedLength) + 7) & ~7;
        severalFiles |= packet.file != 0;
        if ((packet.interfaces <= 1 && !severalFiles) || length > space / 16) {
            finish();
            sink.packet(packet);
            return;
        }
        long nanos = packet.timestampNanos;
        if (waiting == 0 || nanos < newestNanos - STEP_NANOS) {
            finish();
            newestNanos = nanos;
        }
        newestNanos = Math.max(newestNanos, nanos);
        while (!roomFor(length)) {
            give(earliest());
        }
        add(packet, length);
        int all = severalFiles ? Integer.MAX_VALUE : packet.interfaces;
        while (interfacesWaiting >= all) {
            give(earliest());
        }
        time(newestNanos - WINDOW_NANOS);
    }

    /** No packet that is still to come is older: those up to then go on. Nanoseconds since the epoch. */
    public void time(long nanos) {
        while (waiting > 0) {
            int earliest = earliest();
            if (memory().getLong(first[earliest]) > nanos) {
                return;
            }
            give(earliest);
        }
    }

    /** No packet is still to come. */
    public void finish() {
        while (waiting > 0) {
            give(earliest());
        }
    }

    private ByteBuffer memory() {
        ByteBuffer memory = records;
        if (memory == null) {
            memory = ByteBuffer.allocateDirect(space);
            records = memory;
        }
        return memory;
    }

    /** Makes the place for a record of that length the end, if there is one. */
    private boolean roomFor(int length) {
        if (turn != NONE) {
            return begin - end > length;
        }
        if (space - end >= length) {
            return true;
        }
        if (begin <= length) {
            return false;
        }
        turn = end;
        end = 0;
        return true;
    }

    private void add(RawPacket packet, int length) {
        ByteBuffer to = memory();
        int captured = Math.max(0, packet.capturedLength);
        int at = end;
        to.putLong(at, packet.timestampNanos).putLong(at + ARRIVAL, arrivals++).putLong(at + NUMBER, packet.number);
        to.putInt(at + LENGTH, length).putInt(at + CAPTURED, captured).putInt(at + ORIGINAL, packet.originalLength);
        to.putInt(at + LINK, packet.linkType).putInt(at + INTERFACE, packet.interfaceIndex);
        to.putInt(at + INTERFACE_COUNT, packet.interfaces)
                .putInt(at + FILE, packet.file)
                .putInt(at + NEXT, NONE);
        to.put(at + FRAME, packet.bytes, packet.offset, captured);
        end += length;
        waiting++;
        int queue = queue((long) packet.file << 32 | Integer.toUnsignedLong(packet.interfaceIndex));
        if (first[queue] == NONE) {
            first[queue] = at;
            interfacesWaiting++;
        } else {
            to.putInt(last[queue] + NEXT, at);
        }
        last[queue] = at;
    }

    /** The list of this interface: its own, a new one or one that is empty. */
    private int queue(long key) {
        int empty = INTERFACES - 1;
        for (int i = 0; i < known; i++) {
            if (interfaces[i] == key) {
                return i;
            }
            if (first[i] == NONE) {
                empty = i;
            }
        }
        if (known < INTERFACES) {
            first[known] = NONE;
            empty = known++;
        }
        if (first[empty] == NONE) {
            interfaces[empty] = key;
        }
        return empty;
    }

    private int earliest() {
        ByteBuffer from = memory();
        int earliest = NONE;
        long nanos = 0;
        for (int i = 0; i < known; i++) {
            int at = first[i];
            if (at == NONE) {
                continue;
            }
            long other = from.getLong(at);
            if (earliest == NONE || other < nanos || (other == nanos && came(at) < came(first[earliest]))) {
                earliest = i;
                nanos = other;
            }
        }
        return earliest;
    }

    private long came(int at) {
        return memory().getLong(at + ARRIVAL);
    }

    private void give(int queue) {
        ByteBuffer from = memory();
        int at = first[queue];
        first[queue] = from.getInt(at + NEXT);
        if (first[queue] == NONE) {
            interfacesWaiting--;
        }
        from.putInt(at + NEXT, GIVEN);
        waiting--;
        view.bytes = from;
        view.offset = at + FRAME;
        view.capturedLength = from.getInt(at + CAPTURED);
        view.originalLength = from.getInt(at + ORIGINAL);
        view.linkType = from.getInt(at + LINK);
        view.timestampNanos = from.getLong(at);
        view.number = from.getLong(at + NUMBER);
        view.interfaceIndex = from.getInt(at + INTERFACE);
        view.interfaces = from.getInt(at + INTERFACE_COUNT);
        view.file = from.getInt(at + FILE);
        sink.packet(view);
        free(from);
    }

    /** What was given on at the beginning of the ring is not needed any more. */
    private void free(ByteBuffer from) {
        if (waiting == 0) {
            begin = 0;
            end = 0;
            turn = NONE;
            return;
        }
        while (from.getInt(begin + NEXT) == GIVEN) {
            begin += from.getInt(begin + LENGTH);
            if (begin == turn) {
                begin = 0;
                turn = NONE;
            }
        }
    }
}
