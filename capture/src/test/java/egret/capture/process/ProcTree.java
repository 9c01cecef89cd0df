// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A tree like /proc in a folder of the test's own. */
final class ProcTree {
    /** Seconds since boot. */
    static final long UPTIME = 10_000;

    final Path folder;
    final Path root;

    ProcTree(Path folder) {
        this.folder = folder;
        this.root = folder.resolve("proc");
        write(root.resolve("uptime"), UPTIME + ".00 123.45\n");
        write(
                folder.resolve("passwd"),
                "root:x:0:0:root:/root:/bin/sh\nbuild:x:1000:1000::/home/build:/bin/sh\n# a line that is none\n");
    }

    /** Begins to describe a process: alive at once, in every file. */
    Process process(int pid, int parent, long startTicks) {
        return new Process(pid, parent, startTicks);
    }

    void die(int pid) {
        delete(root.resolve(Integer.toString(pid)));
    }

    Places places() {
        return new Places(
                root,
                folder.resolve("passwd"),
                List.of(folder.resolve("cgroup")),
                List.of(folder.resolve("docker.sock")),
                folder.resolve("containers"),
                folder.resolve("logs"));
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    final class Process {
        private final int pid;
        private final int parent;
        private final long startTicks;
        private String executable = "/usr/bin/curl";
        private String[] words = {"curl"};
        private String command = "curl";
        private String cgroup = "0::/system.slice/cron.service";
        private int uid = 1000;
        private int group;

        private Process(int pid, int parent, long startTicks) {
            this.pid = pid;
            this.parent = parent;
            this.startTicks = startTicks;
            this.group = pid;
        }

        Process runs(String newExecutable, String... newWords) {
            executable = newExecutable;
            words = newWords;
            command = newExecutable.substring(newExecutable.lastIndexOf('/') + 1);
            return this;
        }

        Process command(String newCommand) {
            command = newCommand;
            return this;
        }

        Process cgroup(String text) {
            cgroup = text;
            return this;
        }

        Process uid(int newUid) {
            uid = newUid;
            return this;
        }

        Process threadOf(int newGroup) {
            group = newGroup;
            return this;
        }

        void lives() {
            Path at = root.resolve(Integer.toString(pid));
            if (Files.exists(at)) {
                delete(at);
            }
            write(
                    at.resolve("stat"),
                    pid + " (" + command + ") S " + parent + " 1 1 0 -1 4194304 98 0 0 0 0 0 0 0 20 0 1 0 " + startTicks
                            + " 3133440 381 18446744073709551615\n");
            write(
                    at.resolve("status"),
                    "Name:\t" + command + "\nUmask:\t0022\nTgid:\t" + group + "\nPid:\t" + pid + "\nUid:\t" + uid + "\t"
                            + uid + "\t" + uid + "\t" + uid + "\nGid:\t0\n");
            write(at.resolve("cmdline"), words.length == 0 ? "" : String.join("\0", words) + "\0");
            write(at.resolve("cgroup"), cgroup + "\n");
            if (!executable.isEmpty()) {
                try {
                    Files.createSymbolicLink(at.resolve("exe"), Path.of(executable));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
