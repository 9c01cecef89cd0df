// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The capabilities of this process (capabilities(7)), as bit sets: bit n is capability n of linux/capability.h.
 *
 * <p>Capabilities belong to threads, and a thread can drop only its own. Two ways lead to fewer:
 *
 * <ul>
 *   <li>{@link #drop} takes them from the calling thread, the one that reads packets and so the one that hostile bytes
 *       reach, and from threads that it starts later. The JVM's own threads (collector, compiler, signals), which exist
 *       before any Java code, keep what the process was started with. Who wants them bounded starts the process with no
 *       more than it needs, as the systemd unit does.
 *   <li>{@link #leaveRoot} changes the user, which the C library does for all threads at once: the kernel takes every
 *       capability from them, and the calling thread alone keeps those that are named. Only for what was started as root.
 * </ul>
 */
public final class Privileges {
    public static final int DAC_READ_SEARCH = 2;
    public static final int NET_ADMIN = 12;
    public static final int NET_RAW = 13;
    public static final int SYS_PTRACE = 19;
    public static final int SYS_ADMIN = 21;
    public static final int PERFMON = 38;
    public static final int BPF = 39;

    private static final int VERSION_3 = 0x20080522;
    private static final int PR_SET_KEEPCAPS = 8;
    private static final int PR_CAPBSET_DROP = 24;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_CAP_AMBIENT = 47;
    private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;

    /** More than the 41 there are today; the kernel refuses those it does not know. */
    private static final int MOST_CAPABILITIES = 64;

    static {
        Native.register(Privileges.class, "c");
    }

    private Privileges() {}

    private static native int prctl(int option, long two, long three, long four, long five);

    private static native int setgroups(long count, ByteBuffer groups);

    private static native int setresgid(int real, int effective, int saved);

    private static native int setresuid(int real, int effective, int saved);

    private static native int geteuid();

    private static native int capset(ByteBuffer header, ByteBuffer sets);

    private static native int capget(ByteBuffer header, ByteBuffer sets);

    /**
     * What a drop came to.
     *
     * @param held what the calling thread has now, effective and permitted
     * @param others threads of this process that still have more
     */
    public record Dropped(long held, int others) {}

    public static long set(int... capabilities) {
        long set = 0;
        for (int capability : capabilities) {
            set |= 1L << capability;
        }
        return set;
    }

    /** What the calling thread may do now. */
    public static long held() {
        ByteBuffer sets = sets();
        return capget(header(), sets) == 0 ? Integer.toUnsignedLong(sets.getInt(0)) | (long) sets.getInt(12) << 32 : 0;
    }

    /**
     * Takes from the calling thread, and from threads it starts from now on, every capability that is not in {@code keep},
     * and the ways to get one back: bounding and ambient set, set-user-id programs, file capabilities. Nothing is gained.
     */
    public static Dropped drop(long keep) {
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        for (int capability = 0; capability < MOST_CAPABILITIES; capability++) {
            if ((keep >>> capability & 1) == 0) {
                prctl(
                        PR_CAPBSET_DROP,
                        capability,
                        0,
                        0,
                        0); // refused without CAP_SETPCAP: the next line makes up for it
            }
        }
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        ByteBuffer sets = sets();
        if (capget(header(), sets) == 0) {
            for (int half = 0; half < 2; half++) {
                int at = half * 12;
                int left = sets.getInt(at + 4) & (int) (keep >>> (half * 32));
                sets.putInt(at, left).putInt(at + 4, left).putInt(at + 8, 0);
            }
            capset(header(), sets);
        }
        long held = held();
        return new Dropped(held, threadsWithMore(held));
    }

    /**
     * Makes the whole process one of another user; the calling thread then has what is in {@code keep}, as after {@link #drop},
     * and all other threads have nothing. Groups are reduced to the one given.
     *
     * @return null if this process is not root's or may not change its user: that stays then
     */
    public static @Nullable Dropped leaveRoot(int user, int group, long keep) {
        if (geteuid() != 0 || user == 0 || prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) {
            return null;
        }
        ByteBuffer groups = ByteBuffer.allocateDirect(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(0, group);
        boolean left =
                setgroups(1, groups) == 0 && setresgid(group, group, group) == 0 && setresuid(user, user, user) == 0;
        return left ? drop(keep) : null;
    }

    private static int threadsWithMore(long held) {
        int more = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                if ((permitted(task.resolve("status")) & ~held) != 0) {
                    more++;
                }
            }
        } catch (IOException unreadable) {
            return more;
        }
        return more;
    }

    private static long permitted(Path status) {
        try {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("CapPrm:")) {
                    return Long.parseUnsignedLong(line.substring(7).trim(), 16);
                }
            }
        } catch (IOException | NumberFormatException ended) {
            return 0;
        }
        return 0;
    }

    private static ByteBuffer header() {
        return ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder()).putInt(0, VERSION_3);
    }

    /** Effective, permitted, inheritable of capabilities 0 to 31, then of 32 to 63. */
    private static ByteBuffer sets() {
        return ByteBuffer.allocateDirect(24).order(ByteOrder.nativeOrder());
    }
}
