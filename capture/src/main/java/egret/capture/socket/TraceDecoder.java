// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.socket.TraceEvent.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes {@link TraceEvent}s of the bytes of events, by the formats of this kernel. */
final class TraceDecoder {
    static final String STATE = "sock/inet_sock_set_state";
    static final String NEW_TASK = "task/task_newtask";
    static final String EXECUTED = "sched/sched_process_exec";
    static final String EXITED = "sched/sched_process_exit";

    /** Of the path of an executable, in bytes; Linux allows 4,095 for one call. */
    private static final int LONGEST_PATH = 4096;

    private static final int CLONE_THREAD = 0x10000;

    private final int type;
    private final int thread;

    private final int stateId;
    private final int stateLength;
    private final int socket;
    private final int oldState;
    private final int newState;
    private final int sourcePort;
    private final int destinationPort;
    private final int source;
    private final int destination;

    private final int taskId;
    private final int taskLength;
    private final int taskThread;
    private final int cloneFlags;

    private final int executedId;
    private final int executedLength;
    private final int path;
    private final int oldThread;

    private final int exitedId;
    private final int exitedLength;
    private final int exitedThread;

    /** -1 in kernels that do not tell. */
    private final int groupDead;

    private final byte[] text = new byte[LONGEST_PATH];

    /** @param sockets expect {@link #STATE} too */
    TraceDecoder(Path events, boolean sockets) throws SocketSourceException {
        TraceFormat task = format(events, NEW_TASK);
        type = task.offset("common_type", 2);
        thread = task.offset("common_pid", 4);
        taskId = task.id();
        taskThread = task.offset("pid", 4);
        cloneFlags = task.offset("clone_flags", 8);
        taskLength = task.length();

        TraceFormat executed = format(events, EXECUTED);
        executed.offset("common_pid", 4);
        executedId = executed.id();
        path = executed.offset("filename", 4);
        oldThread = executed.offset("old_pid", 4);
        executedLength = executed.length();

        TraceFormat exited = format(events, EXITED);
        exitedId = exited.id();
        exitedThread = exited.offset("pid", 4);
        groupDead = exited.has("group_dead") ? exited.offset("group_dead", 1) : -1;
        exitedLength = exited.length();

        TraceFormat state = sockets ? format(events, STATE) : task;
        stateId = sockets ? state.id() : -1;
        socket = sockets ? state.offset("skaddr", 8) : 0;
        oldState = sockets ? state.offset("oldstate", 4) : 0;
        newState = sockets ? state.offset("newstate", 4) : 0;
        sourcePort = sockets ? state.offset("sport", 2) : 0;
        destinationPort = sockets ? state.offset("dport", 2) : 0;
        source = sockets ? state.offset("saddr_v6", 16) : 0;
        destination = sockets ? state.offset("daddr_v6", 16) : 0;
        stateLength = state.length();
    }

    private static TraceFormat format(Path events, String event) throws SocketSourceException {
        try {
            return new TraceFormat(
                    event, Files.readString(events.resolve(event).resolve("format"), StandardCharsets.ISO_8859_1));
        } catch (IOException missing) {
            throw new SocketSourceException("this kernel does not trace " + event);
        }
    }

    /** Fills in everything but the time; false if it is another event or too short. */
    boolean decode(ByteBuffer page, int at, int length, TraceEvent event) {
        int id = length < thread + 4 || length < type + 2 ? -2 : page.getShort(at + type) & 0xffff;
        event.thread = id < 0 ? 0 : page.getInt(at + thread);
        if (id == stateId && length >= stateLength) {
            state(page, at, event);
        } else if (id == taskId && length >= taskLength) {
            event.kind = Kind.NEW_TASK;
            event.other = page.getInt(at + taskThread);
            event.flag = (page.getLong(at + cloneFlags) & CLONE_THREAD) != 0;
        } else if (id == executedId && length >= executedLength) {
            event.kind = Kind.EXECUTED;
            event.other = page.getInt(at + oldThread);
            event.path = path(page, at, length);
        } else if (id == exitedId && length >= exitedLength) {
            event.kind = Kind.EXITED;
            event.thread = page.getInt(at + exitedThread);
            event.flag = groupDead >= 0 && page.get(at + groupDead) != 0;
        } else {
            return false;
        }
        return true;
    }

    /** Whether an exit tells that it was the last of its process. */
    boolean tellsLastExit() {
        return groupDead >= 0;
    }

    private void state(ByteBuffer page, int at, TraceEvent event) {
        event.kind = Kind.STATE;
        event.socket = page.getLong(at + socket);
        event.oldState = page.getInt(at + oldState);
        event.newState = page.getInt(at + newState);
        event.sourcePort = page.getShort(at + sourcePort) & 0xffff;
        event.destinationPort = page.getShort(at + destinationPort) & 0xffff;
        event.sourceHigh = network8(page, at + source);
        event.sourceLow = network8(page, at + source + 8);
        event.destinationHigh = network8(page, at + destination);
        event.destinationLow = network8(page, at + destination + 8);
    }

    /** The kernel writes an IPv4 address into the IPv6 fields too, mapped. */
    private static long network8(ByteBuffer bytes, int at) {
        long value = bytes.getLong(at);
        return bytes.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
    }

    /** The field holds the offset of the text in its lower half, its length with a zero in the upper. */
    private String path(ByteBuffer page, int at, int length) {
        int place = page.getInt(at + path);
        int from = place & 0xffff;
        int most = Math.min(place >>> 16, Math.min(length - from, LONGEST_PATH));
        int used = 0;
        while (used < most && page.get(at + from + used) != 0) {
            text[used] = page.get(at + from + used);
            used++;
        }
        return new String(text, 0, used, StandardCharsets.UTF_8);
    }
}
