// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.socket.TraceEvent.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Order, threads and sockets together, with events as they come from the kernel's buffers. */
class TraceJoinTest {
    /** Numbers that no process of this machine has: /proc knows nothing of them. */
    private static final int FIRST = 50_000_000;

    private static final int CLOSE = 7;
    private static final int SYN_SENT = 2;
    private static final int ESTABLISHED = 1;

    private final TraceOrder order = new TraceOrder();
    private final TraceProcesses processes = new TraceProcesses(true);
    private final TraceSockets sockets = new TraceSockets("tracefs", processes);
    private final RecordedEvents told = new RecordedEvents();

    private void deliver(long until) {
        order.deliver(until, event -> {
            sockets.take(event, told);
            processes.take(event, told);
        });
    }

    private TraceEvent at(long time, Kind kind, int thread) {
        TraceEvent event = order.add();
        event.time = time;
        event.kind = kind;
        event.thread = FIRST + thread;
        return event;
    }

    private void state(long time, int thread, long socket, int from, int to, int port) {
        TraceEvent event = at(time, Kind.STATE, thread);
        event.socket = socket;
        event.oldState = from;
        event.newState = to;
        event.sourcePort = port;
        event.destinationPort = 443;
        event.sourceHigh = 0;
        event.sourceLow = 0xffff_c000_0201L;
        event.destinationHigh = 0;
        event.destinationLow = 0xffff_c633_6402L;
    }

    private void task(long time, int thread, int created, boolean ofSameProcess) {
        TraceEvent event = at(time, Kind.NEW_TASK, thread);
        event.other = FIRST + created;
        event.flag = ofSameProcess;
    }

    private void executed(long time, int thread, int before, String path) {
        TraceEvent event = at(time, Kind.EXECUTED, thread);
        event.other = FIRST + before;
        event.path = path;
    }

    private void exited(long time, int thread, boolean last) {
        at(time, Kind.EXITED, thread).flag = last;
    }

    private void gap(long from, long until) {
        TraceEvent event = at(from, Kind.GAP, 0);
        event.until = until;
    }

    private static String connection(int process, int thread, int port) {
        return "tracefs " + (process == 0 ? 0 : FIRST + process) + "/" + (FIRST + thread)
                + " uid -1 cgroup 0  tcp 192.0.2.1:" + port + " > 198.51.100.2:443";
    }

    @Test
    void putsEventsOfAllProcessorsInOrder() {
        state(30, 9, 1, SYN_SENT, ESTABLISHED, 40_000);
        task(5, 4, 9, false);
        state(10, 9, 1, CLOSE, SYN_SENT, 0);
        deliver(20);
        assertThat(told.lines).isEmpty();
        deliver(30);
        assertThat(told.lines).containsExactly(connection(9, 9, 40_000));
    }

    @Test
    void tellsTheProcessOfAThread() {
        task(1, 1, 10, false);
        task(2, 10, 11, true);
        task(3, 11, 12, true);
        task(4, 12, 13, false);
        state(5, 12, 1, CLOSE, SYN_SENT, 0);
        exited(6, 12, false);
        state(7, 0, 1, SYN_SENT, CLOSE, 40_000);
        exited(8, 10, true);
        deliver(9);
        assertThat(told.lines)
                .containsExactly(
                        "fork " + (FIRST + 10) + " " + (FIRST + 13),
                        connection(10, 12, 40_000),
                        "exit " + (FIRST + 10));
    }

    @Test
    void goesOnAsTheProcessWhenAThreadExecutes() {
        task(1, 1, 10, false);
        task(2, 10, 11, true);
        executed(3, 10, 11, "/usr/bin/docker");
        state(4, 10, 1, CLOSE, SYN_SENT, 0);
        state(5, 0, 1, SYN_SENT, ESTABLISHED, 40_000);
        deliver(9);
        assertThat(told.lines).containsExactly("exec " + (FIRST + 10) + " /usr/bin/docker", connection(10, 10, 40_000));
    }

    @Test
    void tellsASocketThatWasBoundBefore() {
        state(1, 10, 1, CLOSE, SYN_SENT, 40_000);
        deliver(1);
        assertThat(told.lines).containsExactly(connection(0, 10, 40_000));
    }

    @Test
    void keepsApartConnectionsThatUseASocketOneAfterTheOther() {
        task(0, 1, 10, false);
        task(0, 1, 20, false);
        state(1, 10, 1, CLOSE, SYN_SENT, 0);
        state(3, 20, 1, CLOSE, SYN_SENT, 0);
        state(2, 0, 1, SYN_SENT, CLOSE, 40_000);
        state(4, 0, 1, SYN_SENT, ESTABLISHED, 40_001);
        deliver(9);
        assertThat(told.lines).containsExactly(connection(10, 10, 40_000), connection(20, 20, 40_001));
    }

    @Test
    void joinsNothingAcrossMissingEvents() {
        task(0, 1, 10, false);
        state(1, 10, 1, CLOSE, SYN_SENT, 0);
        gap(2, 6);
        state(4, 10, 2, CLOSE, SYN_SENT, 0);
        state(7, 0, 1, SYN_SENT, ESTABLISHED, 40_000);
        state(8, 0, 2, SYN_SENT, ESTABLISHED, 40_001);
        deliver(9);
        assertThat(told.lines).isEmpty();
        assertThat(sockets.unjoined()).isEqualTo(2);
        task(10, 1, 20, false);
        state(11, 20, 3, CLOSE, SYN_SENT, 0);
        state(12, 0, 3, SYN_SENT, ESTABLISHED, 40_002);
        deliver(12);
        assertThat(told.lines).containsExactly(connection(20, 20, 40_002));
    }

    @Test
    void holdsEventsInABoundedPlace() {
        int count = 0;
        while (!order.isFull()) {
            exited(count, count, true);
            count++;
        }
        assertThat(count).isBetween(TraceOrder.MOST / 2, TraceOrder.MOST);
        deliver(count);
        assertThat(order.isFull()).isFalse();
        assertThat(told.lines).hasSize(count);
    }

    /** Processes connect and end, sockets and threads get the same numbers again, in pieces and out of order. */
    @Test
    void tellsWhatAModelTellsInWhateverPiecesEventsCome() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> expected = new ArrayList<>();
        List<Runnable> pending = new ArrayList<>();
        for (int step = 1; step <= 5_000; step++) {
            long time = step * 10L;
            int process = 1 + random.nextInt(50);
            int port = 30_000 + step;
            long socket = 1 + random.nextInt(3);
            pending.add(() -> task(time, 99, process, false));
            pending.add(() -> task(time + 1, process, 60, true));
            pending.add(() -> state(time + 2, 60, socket, CLOSE, SYN_SENT, 0));
            pending.add(() -> state(time + 3, 0, socket, SYN_SENT, ESTABLISHED, port));
            pending.add(() -> exited(time + 4, 60, false));
            pending.add(() -> exited(time + 5, process, true));
            expected.add(connection(process, 60, port));
            expected.add("exit " + (FIRST + process));
            if (random.nextInt(4) == 0) {
                Collections.shuffle(pending, random);
                pending.forEach(Runnable::run);
                pending.clear();
                deliver(time + 5 - random.nextInt(40));
            }
        }
        pending.forEach(Runnable::run);
        deliver(Long.MAX_VALUE);
        assertThat(told.lines).as("seed " + seed).containsExactlyElementsOf(expected);
    }

    @Test
    void readsTheProcessOfAThreadFromItsStatus() {
        assertThat(TraceProcesses.process("Name:\tjava\nUmask:\t0022\nTgid:\t4711\nNgid:\t0\n"))
                .isEqualTo(4711);
        assertThat(TraceProcesses.process("Name:\tTgid:\t1\n")).isZero();
        assertThat(TraceProcesses.process("Name:\ta\nTgid:\t99999999999999\n")).isPositive();
        assertThat(TraceProcesses.process("Name:\ta\nTgid:\t")).isZero();
    }
}
