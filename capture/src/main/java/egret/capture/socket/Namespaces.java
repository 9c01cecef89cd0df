// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The network namespaces whose kernel can be asked for a socket, and which address was found in which of them. One thread.
 */
final class Namespaces implements AutoCloseable {
    /** Addresses whose namespace is remembered; the newer takes the place. A power of two. */
    private static final int ADDRESSES = 4096;

    private static final byte UNKNOWN = 0;
    private static final byte LOCAL = 1;
    private static final byte FOREIGN = 2;

    /** The socket of a namespace, with the moment from which it has been there. */
    private record Entry(long namespace, DiagSocket socket, long sinceNanos) {}

    private final DiagSocket own;
    private final List<Entry> others = new ArrayList<>();

    private final long[] high = new long[ADDRESSES];
    private final long[] low = new long[ADDRESSES];
    private final byte[] state = new byte[ADDRESSES];
    private final DiagSocket[] socketOf;
    private final long[] foreignUntil = new long[ADDRESSES];

    /** Where {@link #find} found the connection, and who says more of it. */
    private DiagSocket found;

    private long asked;

    Namespaces(DiagSocket own) {
        this.own = own;
        this.found = own;
        socketOf = new DiagSocket[ADDRESSES];
    }

    DiagSocket found() {
        return found;
    }

    /** Whether the source address was never seen here, or not lately: what is routed through this machine. */
    boolean foreign(SocketEvent seen, long now) {
        int slot = slot(seen);
        return matches(slot, seen) && state[slot] == FOREIGN && now - foreignUntil[slot] < 0;
    }

    /** Whether connections of this source address were found before. */
    boolean local(SocketEvent seen) {
        int slot = slot(seen);
        return matches(slot, seen) && state[slot] == LOCAL;
    }

    /** Asks first where the address was found last, then here, then everywhere. */
    boolean find(SocketEvent seen, boolean everywhere) {
        int slot = slot(seen);
        DiagSocket last = matches(slot, seen) && state[slot] == LOCAL ? socketOf[slot] : own;
        if (ask(last, seen)) {
            return learned(slot, last, seen);
        }
        if (loopback(seen)) {
            return false; // each namespace has it, and packets of this one only are seen
        }
        if (last != own && ask(own, seen)) {
            return learned(slot, own, seen);
        }
        if (!everywhere) {
            return false;
        }
        for (int i = 0; i < others.size(); i++) {
            DiagSocket other = others.get(i).socket;
            if (other != last && ask(other, seen)) {
                return learned(slot, other, seen);
            }
        }
        return false;
    }

    /** Nothing of this address was found: it counts as another machine's until then. What was found before stays. */
    void foreignUntil(SocketEvent seen, long nanos) {
        int slot = slot(seen);
        if (!matches(slot, seen) || state[slot] != LOCAL) {
            take(slot, seen, FOREIGN);
            foreignUntil[slot] = nanos;
        }
    }

    /** Takes over the socket; closes it if the namespace is there already or the bound is reached. */
    void add(NamespaceSocket opened, long now) {
        if (others.size() >= ProcessScan.NAMESPACES || known(opened.namespace())) {
            opened.socket().close();
            return;
        }
        others.add(new Entry(opened.namespace(), opened.socket(), now));
    }

    boolean known(long namespace) {
        for (int i = 0; i < others.size(); i++) {
            if (others.get(i).namespace == namespace) {
                return true;
            }
        }
        return false;
    }

    /** Whether the socket is open. */
    boolean has(DiagSocket socket) {
        if (socket == own) {
            return true;
        }
        for (int i = 0; i < others.size(); i++) {
            if (others.get(i).socket == socket) {
                return true;
            }
        }
        return false;
    }

    void addKnown(Set<Long> into) {
        for (int i = 0; i < others.size(); i++) {
            into.add(others.get(i).namespace);
        }
    }

    int size() {
        return others.size();
    }

    /** Closes the sockets of namespaces in which a walk found no process: a socket would keep them alive. */
    void retain(Set<Long> alive, long walkBegan) {
        for (Iterator<Entry> i = others.iterator(); i.hasNext(); ) {
            Entry entry = i.next();
            if (!alive.contains(entry.namespace) && entry.sinceNanos - walkBegan < 0) {
                i.remove();
                forget(entry.socket);
                entry.socket.close();
            }
        }
    }

    /** Requests so far. */
    long asked() {
        return asked;
    }

    private boolean ask(DiagSocket socket, SocketEvent seen) {
        asked++;
        return socket.find(seen);
    }

    private boolean learned(int slot, DiagSocket socket, SocketEvent seen) {
        found = socket;
        take(slot, seen, LOCAL);
        socketOf[slot] = socket;
        return true;
    }

    private void take(int slot, SocketEvent seen, byte what) {
        high[slot] = seen.sourceHigh;
        low[slot] = seen.sourceLow;
        state[slot] = what;
    }

    private void forget(DiagSocket socket) {
        for (int slot = 0; slot < ADDRESSES; slot++) {
            if (socketOf[slot] == socket) {
                socketOf[slot] = own;
                state[slot] = UNKNOWN;
            }
        }
        if (found == socket) {
            found = own;
        }
    }

    private boolean matches(int slot, SocketEvent seen) {
        return high[slot] == seen.sourceHigh && low[slot] == seen.sourceLow;
    }

    private static int slot(SocketEvent seen) {
        long mixed = (seen.sourceHigh * 31 + seen.sourceLow) * 0x9e37_79b9_7f4a_7c15L;
        return (int) (mixed >>> 52);
    }

    private static boolean loopback(SocketEvent seen) {
        return seen.sourceHigh == 0 && (seen.sourceLow == 1 || seen.sourceLow >>> 24 == 0xffff_7fL);
    }

    @Override
    public void close() {
        own.close();
        for (int i = 0; i < others.size(); i++) {
            others.get(i).socket.close();
        }
        others.clear();
    }
}
