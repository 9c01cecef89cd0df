// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The system call bpf(2), with the layouts of {@code union bpf_attr}. What it gives are descriptors, closed on exec. */
public final class BpfCalls {
    private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
    private static final long BPF = ARM ? 280 : 321;
    private static final long PRLIMIT = ARM ? 261 : 302;
    private static final int RLIMIT_MEMLOCK = 8;
    private static final int ENOSYS = 38;

    private static final int MAP_CREATE = 0;
    private static final int PROGRAM_LOAD = 5;
    private static final int LINK_CREATE = 28;

    /** The kernel takes any length that it knows, or more if the rest is zero. */
    private static final int ATTRIBUTES = 144;

    private static final int NAME_LENGTH = 15;

    /** What the verifier writes of one program; what is longer makes the load fail, which it has done already. */
    private static final int LOG_LENGTH = 1 << 18;

    private static final int TOLD_OF_LOG = 160;

    private BpfCalls() {}

    /** @return a descriptor */
    public static int createMap(int type, int key, int value, int entries, int flags, String name)
            throws SocketSourceException {
        ByteBuffer attributes = attributes();
        attributes
                .putInt(0, type)
                .putInt(4, key)
                .putInt(8, value)
                .putInt(12, entries)
                .putInt(16, flags);
        putName(attributes, 28, name);
        int map = bpf(MAP_CREATE, attributes);
        if (map < 0 && Libc.errno() == Libc.EPERM) {
            // Before Linux 5.11 maps count as locked memory, of which 64 KiB are allowed.
            liftMemoryLimit();
            map = bpf(MAP_CREATE, attributes);
        }
        if (map < 0) {
            throw refused("map " + name, Libc.errno());
        }
        return map;
    }

    /**
     * @param attachment where it is going to be attached, {@code enum bpf_attach_type}
     * @return a descriptor
     */
    public static int load(int type, int attachment, ByteBuffer program, String name) throws SocketSourceException {
        ByteBuffer licence = text("Apache-2.0");
        ByteBuffer attributes = attributes();
        attributes.putInt(0, type).putInt(4, program.capacity() / 8);
        attributes.putLong(8, Libc.address(program)).putLong(16, Libc.address(licence));
        putName(attributes, 48, name);
        attributes.putInt(68, attachment);
        int loaded = bpf(PROGRAM_LOAD, attributes);
        if (loaded >= 0) {
            return loaded;
        }
        int errno = Libc.errno();
        ByteBuffer log = ByteBuffer.allocateDirect(LOG_LENGTH);
        attributes.putInt(24, 1).putInt(28, LOG_LENGTH).putLong(32, Libc.address(log));
        int second = bpf(PROGRAM_LOAD, attributes);
        if (second >= 0) {
            return second;
        }
        String reason = reason(log);
        if (reason.isEmpty()) {
            throw refused("program " + name, errno);
        }
        throw new SocketSourceException("the kernel does not take the BPF program " + name + ": " + reason);
    }

    /** Attaches a program until the descriptor that is returned is closed, at the latest when this process ends. */
    public static int link(int program, int target, int attachment, String name) throws SocketSourceException {
        ByteBuffer attributes = attributes();
        attributes.putInt(0, program).putInt(4, target).putInt(8, attachment);
        int link = bpf(LINK_CREATE, attributes);
        if (link < 0) {
            throw refused("link of " + name, Libc.errno());
        }
        return link;
    }

    /** Whether the program of a link is not attached any more. Where the kernel does not tell, it is. */
    static boolean detached(int link) {
        try {
            return Files.readString(Path.of("/proc/self/fdinfo/" + link)).contains("\ncgroup_id:\t0\n");
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** The call itself; -1 and {@link Libc#errno} if it fails. */
    public static int bpf(int command, ByteBuffer attributes) {
        return (int) Libc.syscall(BPF, command, Libc.address(attributes), ATTRIBUTES, 0, 0);
    }

    private static void liftMemoryLimit() {
        ByteBuffer unlimited = ByteBuffer.allocateDirect(16).putLong(0, -1).putLong(8, -1);
        Libc.syscall(PRLIMIT, 0, RLIMIT_MEMLOCK, Libc.address(unlimited), 0, 0);
    }

    private static SocketSourceException refused(String what, int errno) {
        return new SocketSourceException(
                switch (errno) {
                    case Libc.EPERM, Libc.EACCES ->
                        "the kernel refuses the BPF " + what + " to this process; CAP_BPF and CAP_NET_ADMIN grant it";
                    case ENOSYS -> "this kernel has no BPF";
                    case Libc.EINVAL -> "this kernel is too old for the BPF " + what;
                    default -> "the kernel refuses the BPF " + what + " (error " + errno + ")";
                });
    }

    /** The verifier's last word before its statistics. */
    static String reason(ByteBuffer log) {
        int length = 0;
        while (length < log.capacity() && log.get(length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        log.get(0, bytes);
        String[] lines = new String(bytes, StandardCharsets.US_ASCII).split("\n", -1);
        for (int at = lines.length - 1; at >= 0; at--) {
            String line = lines[at].trim();
            if (!line.isEmpty() && !line.startsWith("processed ")) {
                return line.length() <= TOLD_OF_LOG ? line : line.substring(0, TOLD_OF_LOG);
            }
        }
        return "";
    }

    /** Room for {@code union bpf_attr}, all zero. */
    public static ByteBuffer attributes() {
        return ByteBuffer.allocateDirect(ATTRIBUTES).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer text(String text) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(text.length() + 1);
        bytes.put(0, text.getBytes(StandardCharsets.US_ASCII));
        return bytes;
    }

    /** Letters, digits and underscores. */
    private static void putName(ByteBuffer attributes, int at, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        attributes.put(at, bytes, 0, Math.min(bytes.length, NAME_LENGTH));
    }
}
