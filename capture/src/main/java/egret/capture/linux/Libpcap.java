// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The filter that libpcap would give the kernel for one interface, with the offsets of tags and cooked headers as they are
 * in packets that arrive now. pcap4j compiles filters too, but does not show the instructions. Loading this class fails
 * with a {@link LinkageError} where libpcap is not installed.
 */
public final class Libpcap {
    private static final int ERROR_BYTES = 256;
    private static final int NETMASK_UNKNOWN = -1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_GET_FILTER = 26;
    private static final int INSTRUCTION = 8;
    private static final int LINUX_SLL = 113;
    private static final int LINUX_SLL2 = 276;

    /** An offset from here on counts from the network header (linux/filter.h, SKF_NET_OFF). */
    private static final int NETWORK_OFFSET = -0x100000;

    private static final int CLASS_AND_MODE = 0xe7;
    private static final int LOAD_ABSOLUTE = 0x20;
    private static final int LOAD_INDIRECT = 0x40;
    private static final int LOAD_HEADER_LENGTH = 0xa1;

    /** The kernel takes no longer program (BPF_MAXINSNS). */
    private static final int MOST_INSTRUCTIONS = 4096;

    static {
        Native.register(Libpcap.class, "pcap");
    }

    private Libpcap() {}

    private static native Pointer pcap_lib_version();

    private static native long pcap_create(String device, ByteBuffer error);

    private static native int pcap_set_snaplen(long handle, int bytes);

    private static native int pcap_set_buffer_size(long handle, int bytes);

    private static native int pcap_activate(long handle);

    private static native int pcap_compile(long handle, ByteBuffer program, String text, int optimize, int netmask);

    private static native int pcap_setfilter(long handle, ByteBuffer program);

    private static native void pcap_freecode(ByteBuffer program);

    private static native int pcap_datalink(long handle);

    private static native int pcap_fileno(long handle);

    private static native Pointer pcap_geterr(long handle);

    private static native void pcap_close(long handle);

    /** As in "libpcap version 1.10.3". */
    public static String version() {
        return pcap_lib_version().getString(0);
    }

    /**
     * A compiled filter, or why there is none.
     *
     * @param program instructions as {@code struct sock_filter}: code in bits 0-15, jumps if true and false in 16-23 and
     *     24-31, operand in 32-63
     * @param problem libpcap's words
     * @param opened false if it did not come to the filter
     */
    public record Compiled(
            long @Nullable [] program, @Nullable String problem, boolean opened) {}

    /** @param device a name or "any"; it is opened for a moment */
    public static Compiled compile(String device, int snaplen, String text) {
        ByteBuffer error = ByteBuffer.allocateDirect(ERROR_BYTES);
        long handle = pcap_create(device, error);
        if (handle == 0) {
            return new Compiled(null, "no handle", false);
        }
        ByteBuffer program = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        try {
            pcap_set_snaplen(handle, snaplen);
            pcap_set_buffer_size(handle, 1 << 20);
            if (pcap_activate(handle) < 0) {
                return new Compiled(null, pcap_geterr(handle).getString(0), false);
            }
            if (pcap_compile(handle, program, text, 1, NETMASK_UNKNOWN) != 0) {
                return new Compiled(null, pcap_geterr(handle).getString(0), true);
            }
            int set = pcap_setfilter(handle, program);
            pcap_freecode(program);
            if (set != 0) {
                return new Compiled(null, pcap_geterr(handle).getString(0), true);
            }
            long[] instructions = attached(pcap_fileno(handle));
            int link = pcap_datalink(handle);
            if (link == LINUX_SLL || link == LINUX_SLL2) {
                fromNetworkHeader(instructions);
            }
            return instructions.length == 0
                    ? new Compiled(null, "the kernel cannot apply it on " + device, true)
                    : new Compiled(instructions, null, true);
        } finally {
            pcap_close(handle);
        }
    }

    /** Where libpcap's socket has no link headers ("any", PPP) its offsets start at the network header; ours has them. */
    private static void fromNetworkHeader(long[] program) {
        for (int i = 0; i < program.length; i++) {
            int kind = (int) program[i] & CLASS_AND_MODE;
            int operand = (int) (program[i] >>> 32);
            if ((kind == LOAD_ABSOLUTE || kind == LOAD_INDIRECT || kind == LOAD_HEADER_LENGTH) && operand >= 0) {
                program[i] = (program[i] & 0xffff_ffffL) | ((long) (operand + NETWORK_OFFSET) << 32);
            }
        }
    }

    /** The program that is attached to a socket; empty if there is none. */
    private static long[] attached(int fd) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(MOST_INSTRUCTIONS * INSTRUCTION).order(ByteOrder.nativeOrder());
        ByteBuffer count = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
        count.putInt(0, MOST_INSTRUCTIONS); // in instructions, not in bytes
        int result = Libc.getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, bytes, count);
        int length = result < 0 ? 0 : Math.max(0, Math.min(count.getInt(0), MOST_INSTRUCTIONS));
        long[] program = new long[length];
        for (int i = 0; i < length; i++) {
            int at = i * INSTRUCTION;
            program[i] = Short.toUnsignedLong(bytes.getShort(at))
                    | Byte.toUnsignedLong(bytes.get(at + 2)) << 16
                    | Byte.toUnsignedLong(bytes.get(at + 3)) << 24
                    | (long) bytes.getInt(at + 4) << 32;
        }
        return program;
    }
}
