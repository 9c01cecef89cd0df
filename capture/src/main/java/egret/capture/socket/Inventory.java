// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Which processes hold the connections that exist, from /proc alone: at the start, for those that began before. As the last
 * resort also at most once a second while connections begin, which finds those that live that long. A walk takes 20 ms for
 * 400 processes, on a thread of its own.
 */
final class Inventory implements SocketSource {
    static final String METHOD = "proc";

    /** Connections told of one walk. */
    private static final int CONNECTIONS = 65_536;
    /** Told in one poll, so that packets need not wait. */
    private static final int PER_POLL = 4096;

    private static final long PAUSE_NANOS = 1_000_000_000;

    /** @param lost beyond the bounds, or not readable */
    private record Result(List<SocketEvent> events, long lost) {}

    private final ArrayBlockingQueue<Boolean> requests = new ArrayBlockingQueue<>(1);
    private final ArrayBlockingQueue<Result> results = new ArrayBlockingQueue<>(1);
    private final Thread thread = new Thread(this::run, "egret-inventory");
    private final boolean repeats;

    private List<SocketEvent> events = List.of();
    private int told;
    private boolean busy;
    private boolean wanted;
    private long nextNanos = System.nanoTime();
    private long lost;

    /** Inodes that were told, on the walking thread. */
    private Set<Long> before = new HashSet<>();

    private Inventory(boolean repeats) {
        this.repeats = repeats;
        thread.setDaemon(true);
        thread.start();
        ask();
    }

    /** Walks once. */
    static Inventory once() {
        return new Inventory(false);
    }

    /** Walks again when connections began. */
    static Inventory open() throws SocketSourceException {
        ProcessScan scan = new ProcessScan();
        scan.run(Set.of());
        if (scan.namespaces.isEmpty()) {
            throw new SocketSourceException("/proc cannot be read: it must be mounted.");
        }
        return new Inventory(true);
    }

    @Override
    public String method() {
        return METHOD;
    }

    @Override
    public void opened(SocketEvent seen, SocketEvents to) {
        wanted = true;
    }

    @Override
    public void poll(SocketEvents to) {
        if (told == events.size() && busy) {
            Result result = results.poll();
            if (result != null) {
                busy = false;
                events = result.events;
                lost += result.lost;
                told = 0;
            }
        }
        int end = Math.min(events.size(), told + PER_POLL);
        while (told < end) {
            to.connection(events.get(told++), METHOD);
        }
        if (repeats && wanted && !busy && told == events.size() && System.nanoTime() - nextNanos >= 0) {
            ask();
        }
    }

    /** Whether everything that was found is told. */
    boolean idle() {
        return !busy && told == events.size();
    }

    private void ask() {
        wanted = false;
        nextNanos = System.nanoTime() + PAUSE_NANOS;
        busy = requests.offer(Boolean.TRUE);
    }

    private void run() {
        ProcessScan scan = new ProcessScan();
        SocketTable table = new SocketTable();
        try {
            do {
                requests.take();
                results.put(walk(scan, table));
            } while (repeats);
        } catch (InterruptedException e) {
            // closed
        }
    }

    private Result walk(ProcessScan scan, SocketTable table) {
        long shed = scan.shed + table.shed() + table.damaged();
        scan.run(null);
        List<SocketEvent> found = new ArrayList<>();
        Set<Long> now = new HashSet<>();
        SocketTable.Sink sink = (event, inode) -> {
            ProcessScan.Holder holder = scan.holders.get(inode);
            if (holder == null || holder.pid() == 0 || found.size() >= CONNECTIONS || !now.add(inode)) {
                return;
            }
            if (!before.contains(inode)) {
                event.pid = holder.pid();
                event.inferred = holder.shared();
                found.add(event);
            }
        };
        for (int pid : scan.namespaces.values()) {
            table.start();
            String directory = "/proc/" + pid + "/net/";
            table.read(directory + "tcp6", false, sink);
            table.read(directory + "tcp", false, sink);
            table.read(directory + "udp6", true, sink);
            table.read(directory + "udp", true, sink);
        }
        before = now;
        scan.holders.clear();
        return new Result(found, scan.shed + table.shed() + table.damaged() - shed);
    }

    @Override
    public long lost() {
        return lost;
    }

    /** The walk under way ends by itself: it holds nothing that must be given back. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
