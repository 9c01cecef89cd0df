// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

import java.util.Arrays;

/**
 * Puts a program of the classic BPF machine together (linux/filter.h; McCanne and Jacobson, 1993): instructions in their
 * order, jumps to labels that are placed behind them. A conditional jump reaches 255 instructions; one that is to go
 * further takes an unconditional one behind it.
 */
final class Assembler {
    /** BPF_MAXINSNS: the kernel takes no longer program. */
    static final int MAX_INSTRUCTIONS = 4096;

    static final int WORD = 0x00;
    static final int HALF = 0x08;
    static final int BYTE = 0x10;

    /** Stands for the instruction behind the jump. */
    static final int NEXT = -1;

    private static final int LOAD = 0x00;
    private static final int LOAD_X = 0x01;
    private static final int STORE = 0x02;
    private static final int STORE_X = 0x03;
    private static final int COMPUTE = 0x04;
    private static final int JUMP = 0x05;
    private static final int RETURN = 0x06;
    private static final int TO_X = 0x07;

    private static final int ABSOLUTE = 0x20;
    private static final int INDIRECT = 0x40;
    private static final int MEMORY = 0x60;
    private static final int PACKET_LENGTH = 0x80;
    private static final int WITH_X = 0x08;

    private static final int FARTHEST = 255;

    private int[] codes = new int[256];
    private int[] operands = new int[256];
    private int[] ifTrue = new int[256];
    private int[] ifFalse = new int[256];
    private int size;
    private int[] places = new int[64];
    private int labels;

    int label() {
        if (labels == places.length) {
            places = Arrays.copyOf(places, labels * 2);
        }
        places[labels] = -1;
        return labels++;
    }

    /** The label is that of the next instruction. */
    void place(int label) {
        places[label] = size;
    }

    /** An instruction that is no jump, as it is. */
    void plain(int code, int operand) {
        add(code, operand, NEXT, NEXT);
    }

    private void add(int code, int operand, int onTrue, int onFalse) {
        if (size == codes.length) {
            codes = Arrays.copyOf(codes, size * 2);
            operands = Arrays.copyOf(operands, size * 2);
            ifTrue = Arrays.copyOf(ifTrue, size * 2);
            ifFalse = Arrays.copyOf(ifFalse, size * 2);
        }
        codes[size] = code;
        operands[size] = operand;
        ifTrue[size] = onTrue;
        ifFalse[size] = onFalse;
        size++;
    }

    /** A = what lies at this offset of the packet. */
    void load(int width, int offset) {
        plain(LOAD | ABSOLUTE | width, offset);
    }

    /** A = what lies at X + offset. */
    void loadAtX(int width, int offset) {
        plain(LOAD | INDIRECT | width, offset);
    }

    /** A = length of the packet. */
    void loadLength() {
        plain(LOAD | PACKET_LENGTH, 0);
    }

    void loadConstant(int value) {
        plain(LOAD, value);
    }

    /** X = a constant. */
    void constantX(int value) {
        plain(LOAD_X, value);
    }

    void recall(int cell) {
        plain(LOAD | MEMORY, cell);
    }

    void recallX(int cell) {
        plain(LOAD_X | MEMORY, cell);
    }

    void store(int cell) {
        plain(STORE, cell);
    }

    void storeX(int cell) {
        plain(STORE_X, cell);
    }

    void toX() {
        plain(TO_X, 0);
    }

    void add(int value) {
        plain(COMPUTE, value);
    }

    void addX() {
        plain(COMPUTE | WITH_X, 0);
    }

    void subtractX() {
        plain(COMPUTE | 0x10 | WITH_X, 0);
    }

    void multiply(int value) {
        plain(COMPUTE | 0x20, value);
    }

    void and(int mask) {
        plain(COMPUTE | 0x50, mask);
    }

    void left(int bits) {
        plain(COMPUTE | 0x60, bits);
    }

    void right(int bits) {
        plain(COMPUTE | 0x70, bits);
    }

    void jump(int label) {
        add(JUMP, 0, label, label);
    }

    void equal(int value, int onTrue, int onFalse) {
        branch(0x10, value, onTrue, onFalse);
    }

    void greater(int value, int onTrue, int onFalse) {
        branch(0x20, value, onTrue, onFalse);
    }

    /** Unsigned, as all comparisons. */
    void atLeast(int value, int onTrue, int onFalse) {
        branch(0x30, value, onTrue, onFalse);
    }

    void anyBit(int mask, int onTrue, int onFalse) {
        branch(0x40, mask, onTrue, onFalse);
    }

    void greaterThanX(int onTrue, int onFalse) {
        branch(0x20 | WITH_X, 0, onTrue, onFalse);
    }

    /** A conditional jump with this operation's bits. */
    void branch(int operation, int value, int onTrue, int onFalse) {
        add(JUMP | operation, value, onTrue, onFalse);
    }

    /** The packet is taken, so many bytes of it; 0 discards it. */
    void end(int bytes) {
        plain(RETURN, bytes);
    }

    /** As {@link #end}, with what A holds. */
    void endWithA() {
        plain(RETURN | 0x10, 0);
    }

    /**
     * The program, each instruction in a long as {@code struct sock_filter}: code in bits 0-15, jumps if true and false in
     * 16-23 and 24-31, operand in 32-63.
     *
     * @throws IllegalArgumentException if it is longer than the kernel takes
     */
    long[] program() {
        int[] addresses = new int[size + 1];
        boolean[] farTrue = new boolean[size];
        boolean[] farFalse = new boolean[size];
        while (layOut(addresses, farTrue, farFalse)) {
            // a jump that became longer moves what lies behind it
        }
        if (addresses[size] > MAX_INSTRUCTIONS) {
            throw new IllegalArgumentException(
                    "a filter of " + addresses[size] + " instructions; the kernel takes " + MAX_INSTRUCTIONS);
        }
        long[] program = new long[addresses[size]];
        for (int i = 0; i < size; i++) {
            int at = addresses[i];
            if (!conditional(i)) {
                int operand = codes[i] == JUMP ? distance(i, ifTrue[i], addresses) : operands[i];
                program[at] = instruction(codes[i], 0, 0, operand);
                continue;
            }
            int toTrue = distance(i, ifTrue[i], addresses);
            int toFalse = distance(i, ifFalse[i], addresses);
            int behind = 0;
            if (farTrue[i]) {
                program[at + 1] = instruction(JUMP, 0, 0, toTrue - 1);
                toTrue = behind++;
            }
            if (farFalse[i]) {
                program[at + 1 + behind] = instruction(JUMP, 0, 0, toFalse - 1 - behind);
                toFalse = behind;
            }
            program[at] = instruction(codes[i], toTrue, toFalse, operands[i]);
        }
        return program;
    }

    /** Whether a jump was found that has to be made longer. */
    private boolean layOut(int[] addresses, boolean[] farTrue, boolean[] farFalse) {
        int at = 0;
        for (int i = 0; i < size; i++) {
            addresses[i] = at;
            at += 1 + (farTrue[i] ? 1 : 0) + (farFalse[i] ? 1 : 0);
        }
        addresses[size] = at;
        boolean changed = false;
        for (int i = 0; i < size; i++) {
            if (conditional(i)) {
                if (!farTrue[i] && distance(i, ifTrue[i], addresses) > FARTHEST) {
                    farTrue[i] = true;
                    changed = true;
                }
                if (!farFalse[i] && distance(i, ifFalse[i], addresses) > FARTHEST) {
                    farFalse[i] = true;
                    changed = true;
                }
            }
        }
        return changed;
    }

    private boolean conditional(int i) {
        return (codes[i] & 0x07) == JUMP && codes[i] != JUMP;
    }

    private int distance(int from, int label, int[] addresses) {
        int target = label == NEXT ? from + 1 : places[label];
        if (target <= from || target >= size) {
            throw new IllegalStateException("label " + label + " is not behind instruction " + from);
        }
        return addresses[target] - addresses[from] - 1;
    }

    static long instruction(int code, int toTrue, int toFalse, int operand) {
        return code | (long) toTrue << 16 | (long) toFalse << 24 | (long) operand << 32;
    }
}
