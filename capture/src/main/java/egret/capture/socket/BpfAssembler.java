// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A BPF program under construction: one method per instruction, jumps go to labels by name. Instructions are as in
 * Documentation/bpf/standardization/instruction-set.rst:
 *
 * <pre>
 *  0        8    12   16             32                             64
 * +--------+----+----+--------------+------------------------------+
 * | opcode | to |from|    offset    |          immediate           |
 * +--------+----+----+--------------+------------------------------+
 * </pre>
 */
public final class BpfAssembler {
    /** The result of a call. */
    public static final int R0 = 0;

    /** R1 to R5: arguments of a call, which destroys them; R1 is the context when the program begins. */
    public static final int R1 = 1;

    public static final int R2 = 2;
    public static final int R3 = 3;
    public static final int R4 = 4;

    /** R6 to R9 survive calls. */
    public static final int R6 = 6;

    public static final int R7 = 7;
    public static final int R8 = 8;
    public static final int R9 = 9;

    /** The end of the program's 512 bytes of stack, which lie at negative offsets. */
    public static final int FRAME = 10;

    private static final int MAP_BY_DESCRIPTOR = 1;
    private static final int MAP_VALUE_BY_DESCRIPTOR = 2;

    private final List<Long> instructions = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final Map<Integer, String> jumps = new HashMap<>();

    public BpfAssembler move(int to, int from) {
        return add(0xbf, to, from, 0, 0);
    }

    public BpfAssembler set(int to, int value) {
        return add(0xb7, to, 0, 0, value);
    }

    public BpfAssembler plus(int to, int value) {
        return add(0x07, to, 0, 0, value);
    }

    public BpfAssembler add(int to, int from) {
        return add(0x0f, to, from, 0, 0);
    }

    public BpfAssembler minus(int to, int from) {
        return add(0x1f, to, from, 0, 0);
    }

    public BpfAssembler and(int to, int value) {
        return add(0x57, to, 0, 0, value);
    }

    public BpfAssembler shiftLeft(int to, int bits) {
        return add(0x67, to, 0, 0, bits);
    }

    /** Two bytes in network order become a number. */
    public BpfAssembler fromNetwork2(int register) {
        return add(0xdc, register, 0, 0, 16);
    }

    public BpfAssembler load1(int to, int base, int offset) {
        return add(0x71, to, base, offset, 0);
    }

    public BpfAssembler load2(int to, int base, int offset) {
        return add(0x69, to, base, offset, 0);
    }

    public BpfAssembler load4(int to, int base, int offset) {
        return add(0x61, to, base, offset, 0);
    }

    public BpfAssembler load8(int to, int base, int offset) {
        return add(0x79, to, base, offset, 0);
    }

    public BpfAssembler store4(int base, int offset, int from) {
        return add(0x63, base, from, offset, 0);
    }

    public BpfAssembler store8(int base, int offset, int from) {
        return add(0x7b, base, from, offset, 0);
    }

    public BpfAssembler storeNumber4(int base, int offset, int value) {
        return add(0x62, base, 0, offset, value);
    }

    public BpfAssembler storeNumber8(int base, int offset, int value) {
        return add(0x7a, base, 0, offset, value);
    }

    /** Adds to the eight bytes there, as seen by all processors at once. */
    public BpfAssembler atomicAdd8(int base, int offset, int from) {
        return add(0xdb, base, from, offset, 0);
    }

    public BpfAssembler map(int to, int descriptor) {
        return add(0x18, to, MAP_BY_DESCRIPTOR, 0, descriptor).add(0, 0, 0, 0, 0);
    }

    /** The address of an array map's first value. */
    public BpfAssembler mapValue(int to, int descriptor) {
        return add(0x18, to, MAP_VALUE_BY_DESCRIPTOR, 0, descriptor).add(0, 0, 0, 0, 0);
    }

    public BpfAssembler call(BpfFunction function) {
        return add(0x85, 0, 0, 0, function.number);
    }

    public BpfAssembler jump(String label) {
        jumps.put(instructions.size(), label);
        return add(0x05, 0, 0, 0, 0);
    }

    public BpfAssembler jumpIfEqual(int register, int value, String label) {
        jumps.put(instructions.size(), label);
        return add(0x15, register, 0, 0, value);
    }

    public BpfAssembler jumpIfNotEqual(int register, int value, String label) {
        jumps.put(instructions.size(), label);
        return add(0x55, register, 0, 0, value);
    }

    public BpfAssembler jumpIfGreater(int register, int than, String label) {
        jumps.put(instructions.size(), label);
        return add(0x2d, register, than, 0, 0);
    }

    public BpfAssembler label(String name) {
        if (labels.put(name, instructions.size()) != null) {
            throw new IllegalStateException("label twice: " + name);
        }
        return this;
    }

    public BpfAssembler exit() {
        return add(0x95, 0, 0, 0, 0);
    }

    private BpfAssembler add(int opcode, int to, int from, int offset, int immediate) {
        instructions.add(opcode
                | ((long) to << 8)
                | ((long) from << 12)
                | ((offset & 0xffffL) << 16)
                | ((long) immediate << 32));
        return this;
    }

    /** The program in a direct buffer, eight bytes an instruction. Both architectures are little-endian. */
    public ByteBuffer assemble() {
        ByteBuffer program = ByteBuffer.allocateDirect(instructions.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < instructions.size(); at++) {
            long instruction = instructions.get(at);
            String label = jumps.get(at);
            if (label != null) {
                Integer target = labels.get(label);
                if (target == null) {
                    throw new IllegalStateException("no label " + label);
                }
                instruction |= ((target - at - 1) & 0xffffL) << 16;
            }
            program.putLong(at * 8, instruction);
        }
        return program;
    }
}
