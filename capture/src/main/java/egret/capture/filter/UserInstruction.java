// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

/**
 * One instruction of a program that was compiled elsewhere.
 *
 * @param bits as of {@link KernelFilter#program}
 */
record UserInstruction(long bits) {
    private static final int CLASS = 0x07;
    private static final int JUMP = 0x05;
    private static final int RETURN = 0x06;
    private static final int RETURN_A = 0x16;

    /** Emits it at {@code at} of its program; where it takes a packet it goes on to {@code next} instead. */
    void emit(Assembler code, int at, int[] labels, int next) {
        if (code() == RETURN && operand() != 0) {
            code.jump(next);
        } else if (code() == RETURN_A) {
            code.equal(0, Assembler.NEXT, next);
            code.end(0);
        } else {
            copy(code, at, labels);
        }
    }

    void copy(Assembler code, int at, int[] labels) {
        if (code() == JUMP) {
            code.jump(target(at, operand() & 0xffff_ffffL, labels));
        } else if ((code() & CLASS) == JUMP) {
            code.branch(
                    code() & ~JUMP,
                    operand(),
                    target(at, bits >>> 16 & 0xff, labels),
                    target(at, bits >>> 24 & 0xff, labels));
        } else if (at == labels.length - 1 && (code() & CLASS) != RETURN) {
            throw new IllegalArgumentException("the filter does not end with a return");
        } else {
            code.plain(code(), operand());
        }
    }

    private static int target(int at, long distance, int[] labels) {
        if (at + 1 + distance >= labels.length) {
            throw new IllegalArgumentException("instruction " + at + " of the filter jumps behind its end");
        }
        return labels[(int) (at + 1 + distance)];
    }

    private int code() {
        return (int) bits & 0xffff;
    }

    private int operand() {
        return (int) (bits >>> 32);
    }
}
