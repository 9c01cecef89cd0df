// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes pages, events and formats as Linux 6.18 on x86-64 does. */
final class TraceBytes {
    static final int STATE = 2287;
    static final int NEW_TASK = 205;
    static final int EXECUTED = 365;
    static final int EXITED = 369;
    private static final int MISSED = 1 << 31;
    private static final int MISSED_STORED = 1 << 30;

    final ByteBuffer page = ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder());
    private int at = TracePage.DATA;
    private long time;

    TraceBytes(long time) {
        this.time = time;
        page.putLong(0, time);
    }

    int length() {
        return page.capacity();
    }

    int used() {
        return at;
    }

    boolean hasRoom(int length) {
        return at + length + 32 <= page.capacity();
    }

    TraceBytes commit(boolean missed, long stored) {
        int flags = (missed ? MISSED : 0) | (stored > 0 ? MISSED_STORED : 0);
        page.putLong(TracePage.COMMIT, at - TracePage.DATA | flags & 0xffff_ffffL);
        if (stored > 0) {
            page.putLong(at, stored);
        }
        return this;
    }

    private void word(int value) {
        page.putInt(at, value);
        at += 4;
    }

    /** Events further away than 134 ms have a word for the time before them. */
    TraceBytes event(long when, byte[] bytes) {
        long delta = when - time;
        if (delta >= 1 << 27) {
            word((int) (delta & (1 << 27) - 1) << 5 | 30);
            word((int) (delta >>> 27));
            delta = 0;
        }
        time = when;
        if (bytes.length <= 112) {
            word((int) delta << 5 | (bytes.length + 3) / 4);
        } else {
            word((int) delta << 5);
            word(4 + (bytes.length + 3 & ~3));
        }
        page.put(at, bytes);
        at += bytes.length + 3 & ~3;
        return this;
    }

    TraceBytes discarded(long when, int length) {
        word((int) (when - time) << 5 | 29);
        time = when;
        word(length);
        at += length - 4;
        return this;
    }

    TraceBytes timeStamp(long when) {
        time = when;
        word((int) (when & (1 << 27) - 1) << 5 | 31);
        word((int) (when >>> 27));
        return this;
    }

    private static ByteBuffer common(int id, int thread, int length) {
        ByteBuffer event = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        return event.putShort(0, (short) id).putInt(4, thread);
    }

    /** From 192.0.2.1 to 198.51.100.2. */
    static byte[] state(int thread, long socket, int from, int to, int sourcePort, int destinationPort) {
        ByteBuffer event =
                common(STATE, thread, 72).putLong(8, socket).putInt(16, from).putInt(20, to);
        event.putShort(24, (short) sourcePort)
                .putShort(26, (short) destinationPort)
                .putShort(28, (short) 2);
        event.putShort(30, (short) 6);
        byte[] source = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 255, (byte) 255, (byte) 192, 0, 2, 1};
        byte[] destination = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 255, (byte) 255, (byte) 198, 51, 100, 2};
        return event.put(40, source).put(56, destination).array();
    }

    static byte[] newTask(int thread, int created, boolean ofSameProcess) {
        return common(NEW_TASK, thread, 44)
                .putInt(8, created)
                .putLong(32, ofSameProcess ? 0x3d0f00 : 0x1200011)
                .array();
    }

    static byte[] executed(int thread, int before, String path) {
        byte[] text = path.getBytes(StandardCharsets.UTF_8);
        return common(EXECUTED, thread, 20 + text.length + 1)
                .putInt(8, 20 | text.length + 1 << 16)
                .putInt(12, thread)
                .putInt(16, before)
                .put(20, text)
                .array();
    }

    static byte[] exited(int thread, boolean last) {
        return common(EXITED, thread, 36)
                .putInt(24, thread)
                .put(32, (byte) (last ? 1 : 0))
                .array();
    }

    private static final String COMMON = """
            format:
            \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
            \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
            \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
            \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

            """;

    /** The events directory of a tracefs. */
    static void writeFormats(Path events) {
        write(events.resolve(TraceDecoder.STATE), "inet_sock_set_state", STATE, """
                \tfield:const void * skaddr;\toffset:8;\tsize:8;\tsigned:0;
                \tfield:int oldstate;\toffset:16;\tsize:4;\tsigned:1;
                \tfield:int newstate;\toffset:20;\tsize:4;\tsigned:1;
                \tfield:__u16 sport;\toffset:24;\tsize:2;\tsigned:0;
                \tfield:__u16 dport;\toffset:26;\tsize:2;\tsigned:0;
                \tfield:__u16 family;\toffset:28;\tsize:2;\tsigned:0;
                \tfield:__u16 protocol;\toffset:30;\tsize:2;\tsigned:0;
                \tfield:__u8 saddr[4];\toffset:32;\tsize:4;\tsigned:0;
                \tfield:__u8 daddr[4];\toffset:36;\tsize:4;\tsigned:0;
                \tfield:__u8 saddr_v6[16];\toffset:40;\tsize:16;\tsigned:0;
                \tfield:__u8 daddr_v6[16];\toffset:56;\tsize:16;\tsigned:0;
                """);
        write(events.resolve(TraceDecoder.NEW_TASK), "task_newtask", NEW_TASK, """
                \tfield:pid_t pid;\toffset:8;\tsize:4;\tsigned:1;
                \tfield:char comm[16];\toffset:12;\tsize:16;\tsigned:0;
                \tfield:u64 clone_flags;\toffset:32;\tsize:8;\tsigned:0;
                \tfield:short oom_score_adj;\toffset:40;\tsize:2;\tsigned:1;
                """);
        write(events.resolve(TraceDecoder.EXECUTED), "sched_process_exec", EXECUTED, """
                \tfield:__data_loc char[] filename;\toffset:8;\tsize:4;\tsigned:0;
                \tfield:pid_t pid;\toffset:12;\tsize:4;\tsigned:1;
                \tfield:pid_t old_pid;\toffset:16;\tsize:4;\tsigned:1;
                """);
        write(events.resolve(TraceDecoder.EXITED), "sched_process_exit", EXITED, """
                \tfield:char comm[16];\toffset:8;\tsize:16;\tsigned:0;
                \tfield:pid_t pid;\toffset:24;\tsize:4;\tsigned:1;
                \tfield:int prio;\toffset:28;\tsize:4;\tsigned:1;
                \tfield:bool group_dead;\toffset:32;\tsize:1;\tsigned:0;
                """);
    }

    private static void write(Path directory, String name, int id, String fields) {
        try {
            Files.createDirectories(directory);
            Files.writeString(
                    directory.resolve("format"),
                    "name: " + name + "\nID: " + id + "\n" + COMMON + fields + "\nprint fmt: \"pid=%d\", REC->pid\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
