// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import egret.capture.socket.SocketEvent;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The processes heard of, by number: told by events, filled in from {@code /proc} while they live, and kept for five minutes
 * after their end. A number that was given to another process is noticed by the time of its start.
 *
 * <p>At most {@value #MAX} processes are kept, the ended ones give way first; {@link ReadBudget} bounds how many
 * are read.
 */
final class ProcessTable {
    static final int MAX = 1 << 14;
    static final long KEPT_NANOS = 300_000_000_000L;

    /** No number comes round sooner: that would take 30,000 new processes. */
    private static final long VALID_NANOS = 100_000_000L;

    /** Likewise where it matters less: new processes are told of, or this one cannot be looked at any more. */
    private static final long SAME_NANOS = 5_000_000_000L;

    /** Sources tell of the same process in different order, this far apart at most. */
    private static final long DISORDER_NANOS = 1_000_000_000L;

    /** Inode of the top of version 2, where all are on a machine that uses version 1. */
    private static final long ROOT_CGROUP = 1;

    private static final int MAX_THREADS = 4096;
    private static final int MAX_CGROUPS = 4096;
    private static final long SECOND = 1_000_000_000L;

    private final ProcessReader reader;
    private final Map<Integer, ProcessRecord> byPid = new LinkedHashMap<>(256, 0.75f, true);
    private final ArrayDeque<ProcessRecord> endings = new ArrayDeque<>();
    private final ProgramPaths paths = new ProgramPaths();
    private final BoundedMap<Integer, Membership> threads = new BoundedMap<>(MAX_THREADS);
    private final BoundedMap<String, Cgroup> cgroups = new BoundedMap<>(MAX_CGROUPS);
    private final BoundedMap<Long, Cgroup> cgroupsById = new BoundedMap<>(MAX_CGROUPS);
    private boolean forksTold;
    private final ReadBudget budget = new ReadBudget();
    private long shed;

    /** The process that a thread belongs to, for as long as a number cannot have come round. */
    private record Membership(int group, long nanos) {}

    ProcessTable(ProcessReader reader) {
        this.reader = reader;
    }

    /** The process that opened a connection; told by the event alone if nothing else is known of it. */
    ProcessRecord of(SocketEvent event, long nowNanos) {
        long at = event.monotonicNanos == 0 ? nowNanos : event.monotonicNanos;
        int pid = event.pid != 0 ? event.pid : group(event.tid, nowNanos);
        ProcessRecord process = pid > 0 ? current(pid, at, nowNanos) : null;
        if (process == null) {
            process = new ProcessRecord(pid, nowNanos);
            if (pid > 0) {
                put(process);
            }
        }
        tell(process, event);
        return process;
    }

    void forked(int parent, int child, long nowNanos) {
        if (parent == child || child <= 0) {
            return;
        }
        forksTold = true;
        threads.remove(child);
        ProcessRecord before = byPid.get(child);
        ProcessRecord from = byPid.get(parent);
        if (from == null) {
            from = firstSight(parent, nowNanos, 0);
        }
        if (before != null
                && !before.forkTold
                && before.exitedNanos == 0
                && nowNanos - before.firstNanos < DISORDER_NANOS) {
            before.forkTold = true;
            if (from != null && before.parents.length == 0) {
                before.parents = from.lineage();
                before.changed();
            }
            if (from != null && before.executable.isEmpty()) {
                String command = before.command;
                before.inherit(from);
                before.command = command.isEmpty() ? before.command : command;
                before.changed();
            }
            return;
        }
        ProcessRecord process = new ProcessRecord(child, nowNanos);
        process.forkTold = true;
        if (from != null) {
            process.inherit(from);
        }
        put(process);
    }

    void executed(int pid, String path, long nowNanos) {
        if (pid <= 0) {
            return;
        }
        ProcessRecord process = byPid.get(pid);
        boolean ended = process != null && process.exitedNanos != 0;
        if (process != null && ended && nowNanos - process.exitedNanos > DISORDER_NANOS) {
            process = null;
            ended = false;
        }
        ProcessRecord read = ended || !budget.readProgram(nowNanos)
                ? null
                : read(pid, process == null ? null : process.parents, nowNanos, 0);
        if (read != null) {
            if (read.executable.isEmpty()) {
                paths.told(read, path); // It has ended, or we may not look.
            } else {
                paths.learn(path, read);
            }
            if (process != null && sameProgram(process, read)) {
                process.validNanos = nowNanos;
                return;
            }
            if (process != null) {
                if (fresh(process, nowNanos)) {
                    fill(process, read);
                    return;
                }
                read.forkTold = process.forkTold;
                read.cgroupId = process.cgroupId;
            }
            put(read);
            return;
        }
        unread(pid, path, process, nowNanos);
    }

    void exited(int pid, long nowNanos) {
        ProcessRecord process = byPid.get(pid);
        if (process == null) {
            threads.remove(pid);
        } else if (process.exitedNanos == 0) {
            process.exitedNanos = nowNanos;
            endings.add(process);
        }
    }

    /** Lets go of what ended long ago. */
    void tick(long nowNanos) {
        for (ProcessRecord first = endings.peek(); first != null; first = endings.peek()) {
            if (nowNanos - first.exitedNanos < KEPT_NANOS) {
                return;
            }
            endings.remove();
            byPid.remove(first.pid, first);
        }
    }

    /** What a cgroup's number stands for, as far as a process told. */
    @Nullable
    Cgroup cgroup(long id) {
        return cgroupsById.get(id);
    }

    /** Looks that did not happen, as there were too many. */
    long unread() {
        return budget.refused();
    }

    long shed() {
        return shed;
    }

    int size() {
        return byPid.size();
    }

    /** The path of a program is told and it cannot be looked at any more. */
    private void unread(int pid, String path, @Nullable ProcessRecord process, long nowNanos) {
        if (process == null || !(fresh(process, nowNanos) || (!path.isEmpty() && runs(process, path)))) {
            ProcessRecord next = new ProcessRecord(pid, nowNanos);
            if (process != null) {
                next.inherit(process);
                next.parents = process.parents;
                next.forkTold = process.forkTold;
                next.startTicks = process.startTicks;
                next.exitedNanos = process.exitedNanos;
            }
            paths.told(next, path);
            put(next);
            if (next.exitedNanos != 0) {
                endings.add(next);
            }
        } else if (process.inherited || process.executable.isEmpty()) {
            paths.told(process, path);
        }
    }

    /** Nothing but its birth, or a connection, was told of it just now: it is this program's. */
    private static boolean fresh(ProcessRecord process, long nowNanos) {
        return (process.inherited || process.executable.isEmpty()) && nowNanos - process.firstNanos < DISORDER_NANOS;
    }

    private static boolean runs(ProcessRecord process, String path) {
        String executable = process.executable;
        return executable.substring(executable.lastIndexOf('/') + 1).equals(path.substring(path.lastIndexOf('/') + 1));
    }

    private static boolean sameProgram(ProcessRecord process, ProcessRecord read) {
        return !process.inherited
                && process.startTicks == read.startTicks
                && process.executable.equals(read.executable)
                && process.commandLine.equals(read.commandLine);
    }

    private void fill(ProcessRecord process, ProcessRecord read) {
        process.startTicks = read.startTicks;
        process.executable = read.executable;
        process.command = read.command;
        process.commandLine = read.commandLine;
        process.uid = read.uid < 0 ? process.uid : read.uid;
        process.cgroup = read.cgroup == null ? process.cgroup : read.cgroup;
        process.parents = read.parents;
        process.read = read.read;
        process.inherited = false;
        process.validNanos = read.validNanos;
        learn(process);
        process.changed();
    }

    /** The process that has this number at a time; null if nothing is known of it. */
    private @Nullable ProcessRecord current(int pid, long at, long nowNanos) {
        ProcessRecord process = byPid.get(pid);
        if (process == null) {
            return firstSight(pid, nowNanos, 0);
        }
        if (process.exitedNanos != 0) {
            return at <= process.exitedNanos ? process : firstSight(pid, nowNanos, 0);
        }
        if (at - process.validNanos <= (forksTold ? SAME_NANOS : VALID_NANOS) || !budget.read(nowNanos)) {
            return process;
        }
        if (!reader.open(pid)) {
            return forksTold || at - process.validNanos <= SAME_NANOS ? process : null;
        }
        boolean alive = reader.readStat();
        long startTicks = reader.startTicks();
        reader.close();
        if (!alive) {
            return forksTold || at - process.validNanos <= SAME_NANOS ? process : null;
        }
        if (process.startTicks == startTicks || (process.startTicks < 0 && forksTold)) {
            process.startTicks = startTicks;
            process.validNanos = nowNanos;
            return process;
        }
        return firstSight(pid, nowNanos, 0);
    }

    private void tell(ProcessRecord process, SocketEvent event) {
        if (process.command.isEmpty() && !event.command.isEmpty()) {
            process.command = Texts.printable(event.command, 64);
            process.changed();
        }
        if (event.uid >= 0 && event.uid != process.uid) {
            process.uid = event.uid;
            process.changed();
        }
        process.cgroupTold |= event.cgroupId > ROOT_CGROUP;
        if (event.cgroupId > ROOT_CGROUP && event.cgroupId != process.cgroupId) {
            boolean own = process.read && !process.inherited && process.cgroupId == 0;
            process.cgroupId = event.cgroupId;
            if (own) {
                learn(process);
            } else {
                process.cgroup = cgroupsById.get(event.cgroupId);
            }
            process.changed();
        }
    }

    /** The number of its cgroup is worth knowing for others that are gone before they are read. */
    private void learn(ProcessRecord process) {
        Cgroup cgroup = process.cgroup;
        if (cgroup != null && cgroup.unified() && process.cgroupId > ROOT_CGROUP) {
            cgroupsById.put(process.cgroupId, cgroup);
        }
    }

    private @Nullable ProcessRecord firstSight(int pid, long nowNanos, int depth) {
        ProcessRecord read = budget.read(nowNanos) ? read(pid, null, nowNanos, depth) : null;
        if (read != null) {
            put(read);
        }
        return read;
    }

    /**
     * A process as {@code /proc} shows it now; null if it is gone or too many were read. Of one that ends meanwhile the parts
     * that were still there.
     */
    private @Nullable ProcessRecord read(int pid, String @Nullable [] parents, long nowNanos, int depth) {
        if (!reader.open(pid)) {
            return null;
        }
        boolean there = reader.readStat();
        ProcessRecord process = new ProcessRecord(pid, nowNanos);
        process.startTicks = reader.startTicks();
        process.command = reader.command();
        int parent = reader.parent();
        if (there) {
            process.executable = reader.executable();
            process.read = !process.executable.isEmpty();
            process.commandLine = CommandLine.of(reader.commandLine());
            process.cgroup = cgroup(reader.cgroup());
            process.uid = reader.readStatus() ? reader.uid() : -1;
        }
        reader.close();
        if (!there) {
            return null;
        }
        process.parents = parents != null && parents.length > 0 ? parents : lineage(parent, process, nowNanos, depth);
        return process;
    }

    private String[] lineage(int parent, ProcessRecord child, long nowNanos, int depth) {
        if (parent <= 0 || parent == child.pid || depth >= ProcessRecord.MAX_PARENTS) {
            return child.parents;
        }
        ProcessRecord process = byPid.get(parent);
        boolean sound = process != null && process.exitedNanos == 0 && process.startTicks <= child.startTicks;
        if (!sound) {
            process = firstSight(parent, nowNanos, depth + 1);
        }
        return process == null ? child.parents : process.lineage();
    }

    private @Nullable Cgroup cgroup(String text) {
        if (text.isEmpty()) {
            return null;
        }
        Cgroup known = cgroups.get(text);
        if (known == null) {
            known = CgroupText.parse(text);
            cgroups.put(text, known);
        }
        return known;
    }

    private int group(int tid, long nowNanos) {
        if (tid <= 0 || byPid.containsKey(tid)) {
            return tid;
        }
        Membership known = threads.get(tid);
        if (known != null && nowNanos - known.nanos < SECOND) {
            return known.group;
        }
        int group = 0;
        if (budget.read(nowNanos) && reader.open(tid)) {
            group = reader.readStatus() ? Math.max(0, reader.group()) : 0;
            reader.close();
        }
        if (group > 0) {
            threads.put(tid, new Membership(group, nowNanos));
            return group;
        }
        return tid;
    }

    private void put(ProcessRecord process) {
        ProcessRecord before = byPid.put(process.pid, process);
        if (before == null && byPid.size() > MAX) {
            shed++;
            for (ProcessRecord first = endings.poll(); first != null; first = endings.poll()) {
                if (byPid.remove(first.pid, first)) {
                    return;
                }
            }
            byPid.remove(byPid.keySet().iterator().next());
        }
    }
}
