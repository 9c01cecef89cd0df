// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import egret.capture.linux.Libc;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Programs of the classic BPF machine (linux/filter.h), one instruction in a long as {@code struct sock_filter}: code in
 * bits 0-15, jumps if true and false in 16-23 and 24-31, operand in 32-63. What a program returns is how many bytes of the
 * packet are kept, 0 for none of it.
 */
final class SocketFilter {
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int INSTRUCTION = 8;

    private static final int CLASS = 0x07;
    private static final int RETURN_CLASS = 0x06;
    private static final int RETURN_CONSTANT = 0x06;
    private static final int JUMP = 0x05;

    private SocketFilter() {}

    /** Every packet, its first bytes. */
    static long[] everything(int snaplen) {
        return new long[] {RETURN_CONSTANT | (long) snaplen << 32};
    }

    /**
     * What both programs take, as much of it as the second says: where the first returns a length it goes on to the second.
     * libpcap's programs return constants only; what a computed one takes is not judged by the second.
     */
    static long[] both(long[] first, long[] second) {
        long[] all = new long[first.length + second.length];
        for (int i = 0; i < first.length; i++) {
            long instruction = first[i];
            boolean takes = (instruction & CLASS) == RETURN_CLASS
                    && (instruction & 0xffff) == RETURN_CONSTANT
                    && instruction >>> 32 != 0;
            all[i] = takes ? JUMP | (long) (first.length - i - 1) << 32 : instruction;
        }
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** Puts the program in the place of the one before, between two packets. False if the kernel refuses it. */
    static boolean attach(int fd, long[] program) {
        ByteBuffer code =
                ByteBuffer.allocateDirect(program.length * INSTRUCTION).order(ByteOrder.nativeOrder());
        for (int i = 0; i < program.length; i++) {
            int at = i * INSTRUCTION;
            code.putShort(at, (short) program[i]);
            code.put(at + 2, (byte) (program[i] >>> 16));
            code.put(at + 3, (byte) (program[i] >>> 24));
            code.putInt(at + 4, (int) (program[i] >>> 32));
        }
        ByteBuffer argument = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        argument.putShort(0, (short) Math.min(program.length, 0xffff)).putLong(8, Libc.address(code));
        try {
            return Libc.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, argument, 16) == 0;
        } finally {
            Reference.reachabilityFence(code);
        }
    }
}
