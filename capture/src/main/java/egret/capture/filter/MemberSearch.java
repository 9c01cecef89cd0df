// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

import java.util.Arrays;

/**
 * The question whether A is one of a set of unsigned 32-bit numbers, as a search by halving. The set is kept as its
 * boundaries: where each of its ranges begins and where it is over. So n numbers apart cost 2 n instructions, and one
 * packet takes log2 of that.
 */
final class MemberSearch {
    /** Subtrees of so many have their exits beside them, within reach of a short jump. */
    private static final int LOCAL = 96;

    private final Assembler code;
    private final int[] boundaries;

    private MemberSearch(Assembler code, int[] boundaries) {
        this.code = code;
        this.boundaries = boundaries;
    }

    /** @param ranges first and last number of each; in any order, they may overlap */
    static void emit(Assembler code, long[] ranges, int yes, int no) {
        int[] boundaries = boundaries(ranges);
        new MemberSearch(code, boundaries).tree(0, boundaries.length, yes, no, false);
    }

    /** Of one number. */
    static long range(int number) {
        return range(number, number);
    }

    /** Two unsigned numbers in one that sorts as the first does. */
    static long range(int first, int last) {
        return (long) (first ^ Integer.MIN_VALUE) << 32 | (last & 0xffff_ffffL);
    }

    /** Ascending; those with an even index begin a range. */
    private static int[] boundaries(long[] ranges) {
        long[] sorted = ranges.clone();
        Arrays.sort(sorted);
        int[] boundaries = new int[2 * sorted.length];
        int count = 0;
        for (int i = 0; i < sorted.length; ) {
            int first = (int) (sorted[i] >>> 32) ^ Integer.MIN_VALUE;
            int last = (int) sorted[i];
            for (i++; i < sorted.length && touches(last, (int) (sorted[i] >>> 32) ^ Integer.MIN_VALUE); i++) {
                int other = (int) sorted[i];
                last = Integer.compareUnsigned(other, last) > 0 ? other : last;
            }
            boundaries[count++] = first;
            if (last != -1) {
                boundaries[count++] = last + 1;
            }
        }
        return Arrays.copyOf(boundaries, count);
    }

    private static boolean touches(int last, int first) {
        return last == -1 || Integer.compareUnsigned(first, last + 1) <= 0;
    }

    /** A is not below the boundaries before {@code from}, and below those from {@code to} on. */
    private void tree(int from, int to, int yes, int no, boolean local) {
        if (from == to) {
            code.jump(from % 2 == 1 ? yes : no);
            return;
        }
        if (!local && to - from <= LOCAL) {
            int localYes = code.label();
            int localNo = code.label();
            tree(from, to, localYes, localNo, true);
            code.place(localYes);
            code.jump(yes);
            code.place(localNo);
            code.jump(no);
            return;
        }
        int middle = (from + to) >>> 1;
        boolean leafAbove = middle + 1 == to;
        boolean leafBelow = middle == from;
        int above = leafAbove ? (to % 2 == 1 ? yes : no) : code.label();
        int below = leafBelow ? (from % 2 == 1 ? yes : no) : Assembler.NEXT;
        code.atLeast(boundaries[middle], above, below);
        if (!leafBelow) {
            tree(from, middle, yes, no, local);
        }
        if (!leafAbove) {
            code.place(above);
            tree(middle + 1, to, yes, no, local);
        }
    }
}
