// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

/**
 * A machine for classic BPF programs that does what net/core/filter.c documents, slowly and obviously. A load outside the
 * packet ends the program with 0.
 */
public final class Machine {
    private final long[] program;
    private long steps;

    public Machine(long[] program) {
        this.program = program;
        checkMemory();
    }

    /** As check_load_and_stores() does it: no cell is read that was not written on each way there. */
    private void checkMemory() {
        int[] valid = new int[program.length];
        java.util.Arrays.fill(valid, -1);
        int now = 0;
        for (int pc = 0; pc < program.length; pc++) {
            int code = (int) (program[pc] & 0xffff);
            int k = (int) (program[pc] >>> 32);
            now &= valid[pc];
            if (code == 2 || code == 3) {
                now |= 1 << k;
            } else if ((code == 0x60 || code == 0x61) && (now & 1 << k) == 0) {
                throw new IllegalArgumentException("instruction " + pc + " reads cell " + k + ", which is not written");
            } else if (code == 0x05) {
                valid[pc + 1 + k] &= now;
                now = -1;
            } else if ((code & 0x07) == 0x05) {
                valid[pc + 1 + ((int) (program[pc] >>> 16) & 0xff)] &= now;
                valid[pc + 1 + ((int) (program[pc] >>> 24) & 0xff)] &= now;
                now = -1;
            }
        }
    }

    /** Instructions executed so far. */
    public long steps() {
        return steps;
    }

    /** Bytes that are taken of an Ethernet or raw packet. */
    public long run(byte[] packet, int length) {
        return run(packet, length, 0, 0);
    }

    /**
     * @param length on the wire
     * @param protocol the EtherType, as the kernel knows it
     * @param network where the kernel sees the network header
     */
    public long run(byte[] packet, int length, int protocol, int network) {
        long a = 0;
        long x = 0;
        long[] memory = new long[16];
        int pc = 0;
        while (true) {
            int code = (int) (program[pc] & 0xffff);
            int jt = (int) (program[pc] >>> 16) & 0xff;
            int jf = (int) (program[pc] >>> 24) & 0xff;
            long k = program[pc] >>> 32;
            steps++;
            pc++;
            long operand = (code & 0x08) != 0 ? x : k;
            switch (code & 0x07) {
                case 0, 1 -> {
                    long value;
                    switch (code & 0xe0) {
                        case 0x00 -> value = k;
                        case 0x20 -> value = load(packet, k, code & 0x18, protocol, network);
                        case 0x40 -> value = load(packet, (x + k) & 0xffff_ffffL, code & 0x18, protocol, network);
                        case 0x60 -> value = memory[(int) k];
                        case 0x80 -> value = length;
                        case 0xa0 -> {
                            value = load(packet, k, 0x10, protocol, network);
                            value = value < 0 ? value : (value & 0xf) * 4;
                        }
                        default -> throw new IllegalStateException("code " + code);
                    }
                    if (value < 0) {
                        return 0;
                    }
                    if ((code & 0x07) == 0) {
                        a = value;
                    } else {
                        x = value;
                    }
                }
                case 2 -> memory[(int) k] = a;
                case 3 -> memory[(int) k] = x;
                case 4 -> {
                    switch (code & 0xf0) {
                        case 0x00 -> a += operand;
                        case 0x10 -> a -= operand;
                        case 0x20 -> a *= operand;
                        case 0x40 -> a |= operand;
                        case 0x50 -> a &= operand;
                        case 0x60 -> a <<= operand;
                        case 0x70 -> a >>>= operand;
                        case 0xa0 -> a ^= operand;
                        default -> throw new IllegalStateException("code " + code);
                    }
                    a &= 0xffff_ffffL;
                }
                case 5 -> {
                    if (code == 0x05) {
                        pc += (int) k;
                    } else {
                        boolean holds = switch (code & 0xf0) {
                            case 0x10 -> a == operand;
                            case 0x20 -> a > operand;
                            case 0x30 -> a >= operand;
                            case 0x40 -> (a & operand) != 0;
                            default -> throw new IllegalStateException("code " + code);
                        };
                        pc += holds ? jt : jf;
                    }
                }
                case 6 -> {
                    return (code & 0x18) == 0x10 ? a : k;
                }
                case 7 -> {
                    if ((code & 0x80) == 0) {
                        x = a;
                    } else {
                        a = x;
                    }
                }
                default -> throw new IllegalStateException("code " + code);
            }
        }
    }

    /** -1 outside the packet. */
    private static long load(byte[] packet, long offset, int width, int protocol, int network) {
        int at = (int) offset;
        if (at == -0x1000) {
            return protocol;
        }
        if (at < 0) {
            at = at + 0x100000 + network;
        }
        int bytes = width == 0x00 ? 4 : width == 0x08 ? 2 : 1;
        if (at < 0 || (long) at + bytes > packet.length) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | packet[at + i] & 0xff;
        }
        return value;
    }
}
