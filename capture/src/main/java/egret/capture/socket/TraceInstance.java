// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A tracing instance of our own: its events and buffers are nobody else's. It is a directory, which the kernel fills; it
 * stays when an agent is killed, so that its name says whose it is and the next agent removes it. Until then it is idle.
 */
final class TraceInstance {
    private static final String PREFIX = "egret-";

    /** Of one agent at a time: one for sockets, one for processes, and what tests open. */
    private static final int MOST = 16;

    private final Path path;

    private TraceInstance(Path path) {
        this.path = path;
    }

    /** @param root of tracefs */
    static TraceInstance create(Path root) throws SocketSourceException {
        Path instances = root.resolve("instances");
        removeStale(instances);
        long self = ProcessHandle.current().pid();
        String name = PREFIX + self + "-" + startTime(self);
        String reason = "";
        for (int number = 0; number < MOST; number++) {
            Path path = instances.resolve(name + "-" + number);
            try {
                Files.createDirectory(path);
                return new TraceInstance(path);
            } catch (IOException taken) {
                reason = taken.getClass().getSimpleName();
                if (!Files.exists(path)) {
                    break;
                }
            }
        }
        throw new SocketSourceException("no tracing instance can be made in " + instances + " (" + reason + ")");
    }

    Path path() {
        return path;
    }

    /** The numbers of the processors that have a buffer. */
    List<Integer> processors() throws SocketSourceException {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path.resolve("per_cpu"), "cpu[0-9]*")) {
            for (Path entry : entries) {
                numbers.add(Integer.valueOf(entry.getFileName().toString().substring(3)));
            }
        } catch (IOException | NumberFormatException unreadable) {
            throw new SocketSourceException("the tracing buffers in " + path + " cannot be listed");
        }
        numbers.sort(null);
        return numbers;
    }

    boolean has(String file) {
        return Files.exists(path.resolve(file));
    }

    void write(String file, String text) throws SocketSourceException {
        try {
            Files.write(path.resolve(file), text.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
        } catch (IOException refused) {
            throw new SocketSourceException("the kernel does not take '" + text + "' for tracing's " + file);
        }
    }

    void enable(String event, String filter) throws SocketSourceException {
        if (!filter.isEmpty()) {
            write("events/" + event + "/filter", filter);
        }
        write("events/" + event + "/enable", "1");
    }

    /** Stops its events too. Nobody may have its buffers open. */
    void remove() {
        remove(path);
    }

    private static void remove(Path path) {
        try {
            Files.delete(path);
        } catch (IOException ignored) {
            // In use, or gone: then it is another agent's, or the next one's to remove.
        }
    }

    /** Removes what dead agents left. One that lives in another pid namespace has its buffers open: it is kept. */
    private static void removeStale(Path instances) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(instances, PREFIX + "*")) {
            for (Path entry : entries) {
                String[] words = entry.getFileName().toString().split("-", -1);
                if (words.length == 4 && !isAlive(words[1], words[2])) {
                    remove(entry);
                }
            }
        } catch (IOException ignored) {
            // Nothing is listed, so there is nothing to remove.
        }
    }

    private static boolean isAlive(String pid, String startTime) {
        try {
            return startTime(Long.parseLong(pid)).equals(startTime);
        } catch (NumberFormatException notOurs) {
            return true;
        }
    }

    /** When a process began, in clock ticks since boot; "0" if it is gone. */
    private static String startTime(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            // The second word is the name in brackets, which may hold anything; the start time is the 22nd.
            String[] words = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", -1);
            return words.length > 19 ? words[19] : "0";
        } catch (IOException gone) {
            return "0";
        }
    }
}
