// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import egret.capture.linux.FileCalls;
import egret.capture.linux.Libc;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads what {@code /proc} says of one process at a time (proc(5)): {@link #open} a number, ask, {@link #close}. What is
 * asked in between is of one and the same process, whoever gets its number meanwhile. Never throws for what it reads; each
 * text is cut at {@value #MAX_TEXT} bytes.
 */
final class ProcessReader {
    static final int MAX_TEXT = 4096;
    private static final int MAX_DIGITS = 11;
    private static final int READ = FileCalls.O_CLOEXEC;
    private static final String DELETED = " (deleted)";

    /** Fields of stat behind the name: state is the first. */
    private static final int PARENT_FIELD = 2;

    private static final int START_FIELD = 20;

    private final ByteBuffer path;
    private final int pathStart;
    private final ByteBuffer stat = name("stat");
    private final ByteBuffer status = name("status");
    private final ByteBuffer commandLine = name("cmdline");
    private final ByteBuffer cgroup = name("cgroup");
    private final ByteBuffer executable = name("exe");
    private final ByteBuffer text = ByteBuffer.allocateDirect(MAX_TEXT);
    private final byte[] copy = new byte[MAX_TEXT];
    private int directory = -1;
    private int length;

    private long startTicks;
    private int parent;
    private String command = "";
    private int uid;
    private int group;

    ProcessReader(Path root) {
        byte[] prefix = (root + "/").getBytes(StandardCharsets.UTF_8);
        this.path = ByteBuffer.allocateDirect(prefix.length + MAX_DIGITS + 1);
        this.path.put(prefix).rewind();
        this.pathStart = prefix.length;
    }

    private static ByteBuffer name(String name) {
        byte[] bytes = (name + "\0").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** False if there is no such process, or we may not see it. */
    boolean open(int pid) {
        if (pid <= 0) {
            return false;
        }
        int digits = 1;
        for (int rest = pid / 10; rest > 0; rest /= 10) {
            digits++;
        }
        int rest = pid;
        for (int at = pathStart + digits - 1; at >= pathStart; at--) {
            path.put(at, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        path.put(pathStart + digits, (byte) 0);
        directory = FileCalls.openat(FileCalls.AT_FDCWD, path, FileCalls.O_PATH | FileCalls.O_CLOEXEC);
        return directory >= 0;
    }

    void close() {
        if (directory >= 0) {
            Libc.close(directory);
            directory = -1;
        }
    }

    /** Reads number, parent, name and start; false if the process is gone. */
    boolean readStat() {
        if (!read(stat)) {
            return false;
        }
        int open = 0;
        while (open < length && copy[open] != '(') {
            open++;
        }
        int close = length - 1; // The name may hold any byte, brackets too; behind the last one are numbers only.
        while (close > open && copy[close] != ')') {
            close--;
        }
        if (close <= open) {
            return false;
        }
        command = Texts.printable(new String(copy, open + 1, close - open - 1, StandardCharsets.UTF_8), 64);
        parent = (int) field(close + 2, PARENT_FIELD);
        startTicks = field(close + 2, START_FIELD);
        return startTicks >= 0;
    }

    /** Reads the user and the thread group; false if the process is gone. */
    boolean readStatus() {
        if (!read(status)) {
            return false;
        }
        group = (int) line("Tgid:", -1);
        uid = (int) line("Uid:", -1);
        return true;
    }

    long startTicks() {
        return startTicks;
    }

    int parent() {
        return parent;
    }

    String command() {
        return command;
    }

    int uid() {
        return uid;
    }

    /** The process that a thread belongs to. */
    int group() {
        return group;
    }

    /** The words as the process gave them, each ended by 0; "" of a kernel thread, or if it is gone. */
    String commandLine() {
        return read(commandLine) ? new String(copy, 0, length, StandardCharsets.UTF_8) : "";
    }

    /** One line for each hierarchy. */
    String cgroup() {
        return read(cgroup) ? new String(copy, 0, length, StandardCharsets.UTF_8) : "";
    }

    /** The file that it runs; "" of a kernel thread, or if we may not know. */
    String executable() {
        long read = FileCalls.readlinkat(directory, executable, text, MAX_TEXT);
        if (read <= 0) {
            return "";
        }
        text.get(0, copy, 0, (int) read);
        String link = new String(copy, 0, (int) read, StandardCharsets.UTF_8);
        return Texts.printable(
                link.endsWith(DELETED) ? link.substring(0, link.length() - DELETED.length()) : link, MAX_TEXT);
    }

    private boolean read(ByteBuffer name) {
        length = 0;
        int file = FileCalls.openat(directory, name, READ);
        if (file < 0) {
            return false;
        }
        long read = Libc.read(file, text, MAX_TEXT);
        Libc.close(file);
        if (read <= 0) {
            return false;
        }
        length = (int) read;
        text.get(0, copy, 0, length);
        return true;
    }

    /** The number at the place of fields that single blanks part, 1 the first; -1 if there is none. */
    private long field(int from, int place) {
        int at = from;
        for (int skipped = 1; skipped < place; skipped++) {
            while (at < length && copy[at] != ' ') {
                at++;
            }
            at++;
        }
        return number(at);
    }

    /** The first number in the line that begins with this word. */
    private long line(String word, long otherwise) {
        int at = 0;
        while (at < length) {
            if (startsWith(at, word)) {
                at += word.length();
                while (at < length && (copy[at] == '\t' || copy[at] == ' ')) {
                    at++;
                }
                long number = number(at);
                return number < 0 ? otherwise : number;
            }
            while (at < length && copy[at] != '\n') {
                at++;
            }
            at++;
        }
        return otherwise;
    }

    private boolean startsWith(int at, String word) {
        if (at + word.length() > length) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (copy[at + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private long number(int from) {
        long number = 0;
        int at = from;
        for (; at < length && copy[at] >= '0' && copy[at] <= '9'; at++) {
            if (number > Long.MAX_VALUE / 10 - 1) {
                return -1;
            }
            number = number * 10 + copy[at] - '0';
        }
        return at == from ? -1 : number;
    }
}
