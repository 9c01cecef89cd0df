// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.ProcFiles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A thread that walks over all processes when it is asked to, one request at a time, and opens a socket in each network
 * namespace that is new. Asked and read by one other thread, which never waits for it.
 */
final class ProcessScanner implements AutoCloseable {
    /** Namespaces that it may not enter, remembered so that it does not try at each walk. */
    private static final int REFUSED = ProcessScan.NAMESPACES;

    /**
     * @param sockets inodes whose holders are asked for
     * @param known namespaces that have a socket already
     * @param entered a process in a namespace that was not known, opened before the walk; 0 if there is none
     * @param walk whether to walk at all
     */
    record Request(Set<Long> sockets, Set<Long> known, int entered, boolean walk, long beganNanos) {}

    /**
     * @param holders by inode of the socket
     * @param alive namespaces in which there are processes; empty if nothing was walked
     * @param opened to be closed by whoever takes the result
     * @param shed beyond the bounds of the walk
     */
    record Result(
            Request request,
            Map<Long, ProcessScan.Holder> holders,
            Set<Long> alive,
            List<NamespaceSocket> opened,
            long shed) {}

    private final ArrayBlockingQueue<Request> requests = new ArrayBlockingQueue<>(1);
    private final ArrayBlockingQueue<Result> results = new ArrayBlockingQueue<>(1);
    private final Thread thread = new Thread(this::run, "egret-processes");
    private boolean busy;
    private volatile boolean closed;

    ProcessScanner() {
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean busy() {
        return busy;
    }

    /** Only when it is not {@link #busy}. */
    void submit(Request request) {
        busy = requests.offer(request);
    }

    /** Null if it is not done. */
    @Nullable
    Result take() {
        Result result = busy ? results.poll() : null;
        if (result != null) {
            busy = false;
        }
        return result;
    }

    private void run() {
        ProcessScan scan = new ProcessScan();
        ProcFiles files = new ProcFiles();
        Set<Long> refused = new HashSet<>();
        long own = files.networkNamespace((int) ProcessHandle.current().pid());
        try {
            while (!closed) {
                Request request = requests.take();
                List<NamespaceSocket> opened = new ArrayList<>();
                Set<Long> known = new HashSet<>(request.known);
                known.add(own);
                known.addAll(refused);
                if (request.entered > 0) {
                    open(files.networkNamespace(request.entered), request.entered, files, known, refused, opened);
                }
                long shed = scan.shed;
                if (request.walk) {
                    scan.run(request.sockets);
                    for (Map.Entry<Long, Integer> found : scan.namespaces.entrySet()) {
                        open(found.getKey(), found.getValue(), files, known, refused, opened);
                    }
                }
                results.add(new Result(
                        request,
                        request.walk ? Map.copyOf(scan.holders) : Map.of(),
                        request.walk ? Set.copyOf(scan.namespaces.keySet()) : Set.of(),
                        opened,
                        scan.shed - shed));
            }
        } catch (InterruptedException e) {
            // closed
        }
        dispose(results.poll());
    }

    private static void open(
            long namespace,
            int pid,
            ProcFiles files,
            Set<Long> known,
            Set<Long> refused,
            List<NamespaceSocket> opened) {
        if (namespace < 0 || known.size() >= ProcessScan.NAMESPACES || known.contains(namespace)) {
            return;
        }
        NamespaceSocket made = NamespaceSocket.of(pid);
        if (made != null) {
            opened.add(made);
            known.add(made.namespace());
        } else if (files.networkNamespace(pid) == namespace && refused.size() < REFUSED) {
            refused.add(namespace); // the process is still there: it was not its end
        }
    }

    /** Does not wait for the walk under way: the thread closes itself what nobody takes any more. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        dispose(results.poll());
    }

    private static void dispose(@Nullable Result left) {
        if (left != null) {
            for (int i = 0; i < left.opened.size(); i++) {
                left.opened.get(i).socket().close();
            }
        }
    }
}
