// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.nio.ByteBuffer;

/**
 * Puts together what is known of a socket: its process, told when it connects, sends or is made, and its addresses, told
 * later by another program. Both carry the socket's cookie, which no other socket of this boot has: a join is never wrong.
 * Allocates nothing but names of threads that were not seen lately.
 */
final class BpfJoin implements BpfRingBuffer.Records {
    /** Sockets whose addresses are awaited: 30 s of 1,000 unanswered connections a second. */
    private static final int SOCKETS_BITS = 15;

    private static final int UDP = 17;

    private final KeySlots sockets = new KeySlots(SOCKETS_BITS);
    private final long[] processThreads = new long[sockets.capacity()];
    private final long[] cgroups = new long[sockets.capacity()];
    private final int[] users = new int[sockets.capacity()];
    private final boolean[] datagram = new boolean[sockets.capacity()];
    private final String[] commands = new String[sockets.capacity()];
    private final ThreadNames names = new ThreadNames();

    private final String method;
    private final SocketEvent event = new SocketEvent();
    private SocketEvents events = NoSocketEvents.INSTANCE;
    private long unjoined;
    private long damaged;

    BpfJoin(String method) {
        this.method = method;
    }

    /** Where what is learned goes from now on. */
    void to(SocketEvents listener) {
        events = listener;
    }

    /** Connections of which the process is not known, although it should be. */
    long unjoined() {
        return unjoined;
    }

    /** Records that are none of ours. */
    long damaged() {
        return damaged;
    }

    @Override
    public void record(ByteBuffer data, int at, int length) {
        int kind = length < BpfRecord.PROCESS_LENGTH ? 0 : data.getInt(at + BpfRecord.KIND);
        if (kind == BpfRecord.PROCESS) {
            process(data, at);
        } else if (kind >= BpfRecord.OPENING && kind <= BpfRecord.DATAGRAM && length >= BpfRecord.TUPLE_LENGTH) {
            tuple(data, at, kind);
        } else {
            damaged++;
        }
    }

    private void process(ByteBuffer data, int at) {
        int slot = sockets.claim(data.getLong(at + BpfRecord.COOKIE));
        processThreads[slot] = data.getLong(at + BpfRecord.PROCESS_THREAD);
        cgroups[slot] = data.getLong(at + BpfRecord.CGROUP);
        users[slot] = data.getInt(at + BpfRecord.UID);
        datagram[slot] = data.getInt(at + BpfRecord.PROTOCOL) == UDP;
        commands[slot] = names.name(data, at + BpfRecord.COMMAND);
    }

    private void tuple(ByteBuffer data, int at, int kind) {
        long cookie = data.getLong(at + BpfRecord.COOKIE);
        int slot = sockets.find(cookie);
        if (slot < 0) {
            long processThread = data.getLong(at + BpfRecord.PROCESS_THREAD);
            if (processThread == 0) {
                // The answer to a SYN is nothing new of who sent it, and a socket may be older than we are.
                unjoined += kind == BpfRecord.OPENING ? 1 : 0;
                return;
            }
            slot = sockets.claim(cookie);
            processThreads[slot] = processThread;
            cgroups[slot] = 0;
            users[slot] = -1;
            datagram[slot] = false;
            commands[slot] = "";
        }
        BpfRecord.readTuple(data, at, event);
        event.pid = (int) (processThreads[slot] >>> 32);
        event.tid = (int) processThreads[slot];
        event.cgroupId = cgroups[slot];
        event.uid = users[slot];
        event.command = commands[slot];
        event.inferred = false;
        event.initialSequenceKnown = kind == BpfRecord.ESTABLISHED;
        event.initialSequence = event.initialSequenceKnown ? data.getInt(at + BpfRecord.SEQUENCE) : 0;
        if (kind == BpfRecord.ESTABLISHED && !datagram[slot]) {
            sockets.free(slot);
        }
        events.connection(event, method);
    }
}
