// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Connections that {@link SockDiag} has not answered yet: those whose socket was not found, asked again for 100 ms, and those
 * whose socket is known but not the process that holds it. One thread.
 */
final class OpenQuestions {
    /** Connections asked for again: 100 ms at 20,000 a second. */
    private static final int ASKED = 2048;
    /** Sockets whose holder is looked for. */
    private static final int HELD = 1024;

    /** When they are asked again: at the next poll, and as long as a connection that is young waits for its owner. */
    private static final long[] AFTER_NANOS = {5_000_000, 25_000_000, 95_000_000};

    private static final class Asked {
        private final SocketEvent event;
        private final long sinceNanos;
        private int times;

        private Asked(SocketEvent event, long sinceNanos) {
            this.event = event;
            this.sinceNanos = sinceNanos;
        }
    }

    private static final class Held {
        private final SocketEvent event;
        private final long inode;
        private final DiagSocket socket;
        private boolean underWay;

        private Held(SocketEvent event, long inode, DiagSocket socket) {
            this.event = event;
            this.inode = inode;
            this.socket = socket;
        }
    }

    private final List<Asked> asked = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();

    /** False if the bound is reached. */
    boolean add(SocketEvent seen, long now) {
        return asked.size() < ASKED && asked.add(new Asked(copy(seen), now));
    }

    boolean addHeld(SocketEvent seen, long inode, DiagSocket socket) {
        return held.size() < HELD && held.add(new Held(copy(seen), inode, socket));
    }

    boolean anyHeld() {
        return !held.isEmpty();
    }

    void askAgain(SockDiag source, long now, SocketEvents events) {
        int kept = 0;
        for (int i = 0; i < asked.size(); i++) {
            Asked question = asked.get(i);
            boolean over = false;
            if (now - question.sinceNanos >= AFTER_NANOS[question.times]) {
                question.times++;
                over = source.again(question.event, question.times == AFTER_NANOS.length, now, events);
            }
            if (!over) {
                asked.set(kept++, question);
            }
        }
        cut(asked, kept);
    }

    /** The sockets that a walk is to look for; those that nobody holds any more are given up. */
    Set<Long> wanted(SockDiag source) {
        Set<Long> wanted = new HashSet<>();
        int kept = 0;
        for (int i = 0; i < held.size(); i++) {
            Held question = held.get(i);
            if (source.stillHeld(question.event, question.socket, question.inode)) {
                question.underWay = true;
                wanted.add(question.inode);
                held.set(kept++, question);
            } else {
                source.unheld();
            }
        }
        cut(held, kept);
        return wanted;
    }

    void walked(SockDiag source, ProcessScanner.Result result, SocketEvents events) {
        int kept = 0;
        for (int i = 0; i < held.size(); i++) {
            Held question = held.get(i);
            if (question.underWay) {
                source.held(question.event, result.holders().get(question.inode), events);
            } else {
                held.set(kept++, question);
            }
        }
        cut(held, kept);
    }

    private static void cut(List<?> list, int size) {
        while (list.size() > size) {
            list.remove(list.size() - 1);
        }
    }

    private static SocketEvent copy(SocketEvent seen) {
        SocketEvent copy = new SocketEvent();
        copy.monotonicNanos = seen.monotonicNanos;
        copy.uid = seen.uid;
        copy.cgroupId = seen.cgroupId;
        copy.udp = seen.udp;
        copy.sourceHigh = seen.sourceHigh;
        copy.sourceLow = seen.sourceLow;
        copy.sourcePort = seen.sourcePort;
        copy.destinationHigh = seen.destinationHigh;
        copy.destinationLow = seen.destinationLow;
        copy.destinationPort = seen.destinationPort;
        copy.initialSequence = seen.initialSequence;
        copy.initialSequenceKnown = seen.initialSequenceKnown;
        copy.inferred = seen.inferred;
        return copy;
    }
}
