// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

/** The time in which the wire was seen, in ms since the epoch. */
record Span(long from, long to) {

    /** From when on all pulls of a client are kept. */
    long from(Times pulls, long[] ascending) {
        return pulls.isFull() ? Math.max(from, ascending[0]) : from;
    }
}
