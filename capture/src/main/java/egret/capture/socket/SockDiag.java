// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.ProcFiles;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the kernel whose socket it is when a connection is seen to begin: the socket by its addresses (sock_diag, 2 µs),
 * then the process that holds it ({@link OwnerCache}, 2 µs to 1 ms, else a walk on a thread of its own). Exact, if the socket
 * still lives: a process that connects and ends at once is often gone before it is asked for.
 */
final class SockDiag implements SocketSource {
    static final String METHOD = "sock-diag";

    private static final long MILLISECOND = 1_000_000;
    /** One capture block: the allowances below are per block. */
    private static final long BLOCK_NANOS = 10 * MILLISECOND;
    /** Requests to the kernel per block, 2 µs each: 10 % of a core if all are used. */
    private static final int REQUESTS = 500;
    /** Of these, for addresses that were not found before: a flood of them must not starve the others. */
    private static final int REQUESTS_FOR_STRANGERS = 250;
    /** Links of descriptors read per block, 2 µs each. */
    private static final int LINKS = 750;
    /** How long an address that was not found in any namespace counts as another machine's. */
    private static final long FOREIGN_NANOS = 1000 * MILLISECOND;
    /** Time between two walks at least, and by how much longer than the last walk it is: a tenth of a core. */
    private static final long WALK_NANOS = 100 * MILLISECOND;

    private static final int WALK_SHARE = 9;
    /** While other namespaces have sockets here they are counted again, so that those that ended can end. */
    private static final long RECOUNT_NANOS = 5000 * MILLISECOND;
    /** A walk for the sake of namespaces alone, when an unknown address was seen. */
    private static final long DISCOVERY_NANOS = 1000 * MILLISECOND;
    /** The same if the connector tells of programs that come with a namespace. */
    private static final long REDISCOVERY_NANOS = 10_000 * MILLISECOND;
    /** Walks of all UDP sockets for one without a peer, 0.3 ms each: one per block. */
    private static final int PORT_WALKS = 1;

    private final Namespaces namespaces;
    private final OwnerCache cache = new OwnerCache();
    private final OpenQuestions questions = new OpenQuestions();
    private final ProcessScanner scanner = new ProcessScanner();
    private final ProcFiles files = new ProcFiles();
    private final @Nullable ProcessConnector connector;
    private final long ownNamespace =
            files.networkNamespace((int) ProcessHandle.current().pid());
    private final Newcomers newcomers = new Newcomers();

    private long blockBegan = System.nanoTime() - BLOCK_NANOS;
    private int requests;
    private int strangers;
    private int portWalks;
    private long nextWalk = blockBegan;
    private long nextDiscovery = blockBegan;
    private long nextRecount = blockBegan;
    private int entered;
    /** At first all are unknown. */
    private boolean unknownAddress = true;

    private long shed;
    private long exact;
    private long inferred;
    private long withoutProcess;
    private long absent;

    private SockDiag(DiagSocket own, @Nullable ProcessConnector connector) {
        namespaces = new Namespaces(own);
        this.connector = connector;
        if (connector != null) {
            connector.beside(cache);
        }
        scanner.start();
    }

    /** @param connector told of new processes too, and polled and closed by this; null if it does not work */
    static SockDiag open(@Nullable ProcessConnector connector) throws SocketSourceException {
        try {
            DiagSocket own = DiagSocket.open();
            String fault = DiagProbe.fault(own);
            if (fault != null) {
                own.close();
                throw new SocketSourceException(fault);
            }
            return new SockDiag(own, connector);
        } catch (IOException e) {
            throw new SocketSourceException("The kernel cannot be asked for sockets (" + e.getMessage() + ").");
        }
    }

    @Override
    public String method() {
        return METHOD;
    }

    @Override
    public void poll(SocketEvents events) {
        long now = System.nanoTime();
        allow(now);
        if (connector != null) {
            connector.poll(hearing(events));
        }
        ProcessScanner.Result result = scanner.take();
        if (result != null) {
            walked(result, now, events);
        }
        questions.askAgain(this, now, events);
        walkIfNeeded(now);
    }

    /** Hands on to the given, and hears of new processes on the way: for sources that tell of them beside this one. */
    SocketEvents hearing(SocketEvents events) {
        newcomers.to = events;
        return newcomers;
    }

    @Override
    public void opened(SocketEvent seen, SocketEvents events) {
        long now = System.nanoTime();
        allow(now);
        boolean foreign = namespaces.foreign(seen, now);
        if (!ask(seen, !foreign, now, events) && !foreign) {
            unknownAddress |= !namespaces.local(seen);
            if (!questions.add(seen, now)) {
                shed++;
            }
        }
    }

    /** Asks again; true if there is nothing more to ask. */
    boolean again(SocketEvent seen, boolean last, long now, SocketEvents events) {
        if (ask(seen, true, now, events)) {
            return true;
        }
        if (last) {
            absent++;
            namespaces.foreignUntil(seen, now + FOREIGN_NANOS);
        }
        return last;
    }

    private boolean ask(SocketEvent seen, boolean everywhere, long now, SocketEvents events) {
        boolean stranger = !namespaces.local(seen);
        if (requests <= 0 || (stranger && strangers <= 0)) {
            shed++;
            return true;
        }
        long before = namespaces.asked();
        boolean found = namespaces.find(seen, everywhere);
        int spent = (int) (namespaces.asked() - before);
        requests -= spent;
        if (stranger) {
            strangers -= spent;
        }
        if (found) {
            answer(seen, now, events);
        }
        return found;
    }

    private void answer(SocketEvent seen, long now, SocketEvents events) {
        DiagSocket socket = namespaces.found();
        long inode = socket.found.inode;
        seen.uid = socket.found.uid;
        seen.cgroupId = socket.found.cgroupId;
        seen.pid = 0;
        seen.tid = 0;
        seen.inferred = seen.udp && !socket.found.connected() && !sole(socket, seen);
        if (inode != 0 && cache.find(inode, seen.uid)) {
            seen.pid = cache.pid;
            seen.inferred |= cache.shared || cache.mayHaveInherited(cache.pid, seen.monotonicNanos, now);
            told(seen, events);
            return;
        }
        if (inode != 0 && !questions.addHeld(seen, inode, socket)) {
            shed++;
        }
        if (inode == 0) {
            withoutProcess++;
        }
        if (seen.cgroupId != 0 || seen.uid >= 0) {
            events.connection(seen, METHOD); // of which container at least, should the process not be found
        }
    }

    /** An UDP socket without a peer is meant if no other one can send from its port. */
    private boolean sole(DiagSocket socket, SocketEvent seen) {
        return --portWalks >= 0 && socket.sole(seen);
    }

    private void told(SocketEvent event, SocketEvents events) {
        if (event.inferred) {
            inferred++;
        } else {
            exact++;
        }
        events.connection(event, METHOD);
    }

    /** A walk is over: who holds the sockets that were asked for. */
    private void walked(ProcessScanner.Result result, long now, SocketEvents events) {
        for (int i = 0; i < result.opened().size(); i++) {
            namespaces.add(result.opened().get(i), now);
        }
        shed += result.shed();
        if (!result.request().walk()) {
            return;
        }
        namespaces.retain(result.alive(), result.request().beganNanos());
        nextWalk =
                now + Math.max(WALK_NANOS, WALK_SHARE * (now - result.request().beganNanos()));
        questions.walked(this, result, events);
    }

    /** Of a socket that was asked for. */
    void held(SocketEvent event, ProcessScan.@Nullable Holder holder, SocketEvents events) {
        if (holder == null || holder.pid() == 0) {
            unheld();
            return;
        }
        event.pid = holder.pid();
        event.inferred |=
                holder.shared() || cache.mayHaveInherited(holder.pid(), event.monotonicNanos, System.nanoTime());
        cache.learn(holder.pid(), holder.fd(), event.uid);
        told(event, events);
    }

    /** Nobody holds a socket any more that was asked for. */
    void unheld() {
        withoutProcess++;
    }

    private void walkIfNeeded(long now) {
        if (scanner.busy()) {
            return;
        }
        boolean walk = now - nextWalk >= 0
                && ((unknownAddress && now - nextDiscovery >= 0)
                        || (namespaces.size() > 0 && now - nextRecount >= 0)
                        || questions.anyHeld());
        Set<Long> wanted = walk ? questions.wanted(this) : Set.of();
        walk = walk && (!wanted.isEmpty() || unknownAddress || now - nextRecount >= 0);
        if (walk) {
            nextDiscovery = now + (connector == null ? DISCOVERY_NANOS : REDISCOVERY_NANOS);
            nextRecount = now + RECOUNT_NANOS;
            unknownAddress = false;
        }
        if (walk || entered != 0) {
            Set<Long> known = new HashSet<>();
            namespaces.addKnown(known);
            scanner.submit(new ProcessScanner.Request(wanted, known, entered, walk, now));
            entered = 0;
        }
    }

    /** Whether a socket is still held by someone, so that a walk is worth it. */
    boolean stillHeld(SocketEvent event, DiagSocket socket, long inode) {
        if (requests <= 0) {
            return true;
        }
        requests--;
        return namespaces.has(socket) && socket.find(event) && socket.found.inode == inode;
    }

    private void allow(long now) {
        if (now - blockBegan >= BLOCK_NANOS) {
            blockBegan = now;
            requests = REQUESTS;
            strangers = REQUESTS_FOR_STRANGERS;
            portWalks = PORT_WALKS;
            cache.allow(LINKS);
        }
    }

    /** Connections of which a process was told for sure, and with the mark {@link SocketEvent#inferred}. */
    long exact() {
        return exact;
    }

    long inferred() {
        return inferred;
    }

    /** Connections whose socket was found, but no longer a process that holds it. */
    long withoutProcess() {
        return withoutProcess;
    }

    /** Connections whose socket was in no namespace: another machine's, or over. */
    long absent() {
        return absent;
    }

    /** Searches that ended early to keep the capturing thread free. */
    long exhausted() {
        return cache.exhausted();
    }

    @Override
    public long lost() {
        return shed + (connector == null ? 0 : connector.lost());
    }

    @Override
    public void close() {
        scanner.close();
        namespaces.close();
        if (connector != null) {
            connector.close();
        }
    }

    /** Hears of each new program whether it came with a network namespace of its own. */
    private final class Newcomers implements SocketEvents {
        private @Nullable SocketEvents to;

        @Override
        public void connection(SocketEvent event, String method) {
            if (to != null) {
                to.connection(event, method);
            }
        }

        @Override
        public void forked(int parentPid, int childPid) {
            if (connector == null) {
                cache.forked(parentPid, childPid, 0); // the connector tells the cache itself, with the time
            }
            if (to != null) {
                to.forked(parentPid, childPid);
            }
        }

        @Override
        public void executed(int pid, String path) {
            long namespace = files.networkNamespace(pid);
            if (namespace >= 0 && namespace != ownNamespace && !namespaces.known(namespace)) {
                entered = pid;
            }
            if (connector == null) {
                cache.executed(pid);
            }
            if (to != null) {
                to.executed(pid, path);
            }
        }

        @Override
        public void exited(int pid) {
            if (connector == null) {
                cache.exited(pid);
            }
            if (to != null) {
                to.exited(pid);
            }
        }
    }
}
