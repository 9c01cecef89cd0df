// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import org.jspecify.annotations.Nullable;

/**
 * One process and the program it runs; a process that executes another program is another record. What is not known yet is
 * filled in by whoever learns it. Belongs to the {@link ProcessTable}'s thread.
 */
final class ProcessRecord {
    static final int MAX_PARENTS = 8;
    private static final String[] NONE = {};

    final int pid;

    /** When it was first heard of, monotonic. */
    final long firstNanos;

    /** In clock ticks since boot, -1 if unknown: together with the number it tells processes apart. */
    long startTicks = -1;

    /** Path, "" if unknown. */
    String executable = "";

    /** The kernel's short name, "" if unknown. */
    String command = "";

    String commandLine = "";
    int uid = -1;

    /** Inode of its cgroup v2 directory, 0 if unknown. */
    long cgroupId;

    /** An event of this very process told that number. */
    boolean cgroupTold;

    @Nullable
    Cgroup cgroup;

    /** Executables of its ancestors, the nearest first; shared, never written. */
    String[] parents = NONE;

    /** Its executable was read from the link, which names the file; the path of an exec may be a link or a script. */
    boolean read;

    /** It is a copy of its parent as far as is known: forked, nothing executed. */
    boolean inherited;

    boolean forkTold;

    /** When its number was last known to be its own, monotonic. */
    long validNanos;

    /** When its end was told, monotonic; 0 while it lives. */
    long exitedNanos;

    /** Who it counts as, once somebody asked. */
    @Nullable
    Identity identity;

    /** What its children have as {@link #parents}, once one has asked. */
    private String @Nullable [] lineage;

    ProcessRecord(int pid, long nanos) {
        this.pid = pid;
        this.firstNanos = nanos;
        this.validNanos = nanos;
    }

    /** A child is what its parent is, until it executes something. */
    void inherit(ProcessRecord parent) {
        executable = parent.executable;
        command = parent.command;
        commandLine = parent.commandLine;
        uid = uid < 0 ? parent.uid : uid;
        if (!cgroupTold) {
            cgroup = parent.cgroup;
            cgroupId = parent.cgroupId;
        }
        read = parent.read;
        inherited = true;
        parents = parent.lineage();
    }

    /** The path, or the short name in brackets. */
    String displayed() {
        if (!executable.isEmpty()) {
            return executable;
        }
        return command.isEmpty() ? "[unknown]" : "[" + command + "]";
    }

    String[] lineage() {
        String[] made = lineage;
        if (made == null) {
            made = new String[Math.min(MAX_PARENTS, parents.length + 1)];
            made[0] = displayed();
            System.arraycopy(parents, 0, made, 1, made.length - 1);
            lineage = made;
        }
        return made;
    }

    /** What it was taken for has changed. */
    void changed() {
        identity = null;
        lineage = null;
    }
}
