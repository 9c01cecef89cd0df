// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

/**
 * What the path of an exec says of the program: it may be a link, and that of a container's first process comes from where
 * the container is made. Learns from the processes that were read which file a path means.
 */
final class ProgramPaths {
    /** Programs that make containers: what they start is moved to another cgroup before it runs. */
    private static final String[] MAKERS = {"runc", "crun", "youki", "runsc", "containerd-shim", "conmon"};

    private static final int MAX_ALIASES = 4096;

    private final BoundedMap<String, String> aliases = new BoundedMap<>(MAX_ALIASES);

    /** The process runs this now, and that is all that is known of it. */
    void told(ProcessRecord process, String path) {
        if (makesContainers(process.executable) && !process.cgroupTold) {
            process.cgroup = null;
            process.cgroupId = 0;
        }
        String known = aliases.get(alias(path, process));
        process.executable = Texts.printable(known == null ? path : known, ProcessReader.MAX_TEXT);
        process.commandLine = "";
        process.read = false;
        if (process.inherited) {
            process.command = "";
            process.inherited = false;
        }
        process.changed();
    }

    private static boolean makesContainers(String executable) {
        int name = executable.lastIndexOf('/') + 1;
        for (String maker : MAKERS) {
            if (executable.startsWith(maker, name)) {
                return true;
            }
        }
        return false;
    }

    /** A path may be a link, which means the same file for all processes of a place. */
    void learn(String path, ProcessRecord read) {
        if (!path.isEmpty() && !read.executable.isEmpty() && !path.equals(read.executable)) {
            aliases.put(alias(path, read), read.executable);
        }
    }

    private static String alias(String path, ProcessRecord process) {
        Cgroup cgroup = process.cgroup;
        return cgroup == null ? path : path + '\0' + cgroup.path();
    }
}
