// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.analyzer.answer.Answer.Cadence;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 * Retry loops in a list of arrivals. A loop tries, waits its delay and tries again: each of its arrivals has a successor
 * one period later, give or take the time the try takes. Thirty loops of one daemon blur into what looks like a steady
 * stream, but each arrival still has its successor: among all pairs of arrivals there are more that lie one period apart
 * than there are that lie a little less or a little more apart. That excess does not depend on the number of loops.
 *
 *   pairs  |      ___            __
 *          |-----'   '----------'  '---------   background: pairs of different loops
 *          |          ^ period      ^ twice
 *          +--------------------------------- lag
 *
 * 1. Count the pairs by lag (Autocorrelation), in the densest two minutes.
 * 2. For each period, on a grid of 1 %, and each tolerance: the excess over the flanks, from 0.6 to 1.4 periods. The
 *    highest of these in each octave are the candidates.
 * 3. For each candidate, cut the time into pieces of one period and take the excess of each. A loop shows in almost
 *    every piece, while two bursts that happen to lie so far apart show in one. So the mean excess is measured against
 *    its spread over the pieces, never less than what chance would give.
 * 4. In captures shorter than six periods there are too few pieces; then chance alone is the measure, a period is taken
 *    only between 0.7 and 2 s, and the confidence stays at or below 0.5.
 *
 * The excess grows with the square root of the time and shrinks with the jitter: 30 loops whose gaps scatter by 15 % need a
 * minute or two at a period of 1 s; those that scatter by 25 % stay unseen. No test of the arrivals could tell them from
 * chance, since with so many loops only every 30th pair of neighbours is of one loop.
 *
 * Few arrivals at even distances are one loop without all this.
 */

/** Finds the period and the number of retry loops. */
final class CadenceSearch {
    private static final double[] TOLERANCES = {0.015, 0.03, 0.06, 0.12, 0.2};
    private static final double LOW_FLANK = 0.6;
    private static final double HIGH_FLANK = 1.4;
    private static final double GAP = 1.25; // flanks begin this many tolerances from the period
    private static final int OCTAVES = 8; // from 250 ms to 64 s
    private static final int CANDIDATES = 8; // of an octave, so that multiples of a period do not crowd it out
    private static final int PIECES = 5; // fewer say nothing about their spread
    private static final double LONGEST_SPAN_MILLIS = 120_000;
    private static final double LONGEST_PERIOD_MILLIS = 30_000; // what repeats more slowly is a schedule, not a retry
    private static final double STEP = 1.01;
    private static final double CERTAIN = 10; // standard deviations; more are not better

    private final long[] times;
    private final double span;
    private final double longest;
    private final Autocorrelation pairs;

    private CadenceSearch(long[] times) {
        this.times = times;
        span = times[times.length - 1] - times[0];
        longest = Math.min(LONGEST_PERIOD_MILLIS, Math.max(span / 6, Math.min(2000, span * 0.75)));
        pairs = new Autocorrelation(times, Math.min(span, longest * HIGH_FLANK));
    }

    /** @param arrivals ascending, in ms */
    static @Nullable Cadence in(long[] arrivals) {
        if (arrivals.length < 4) {
            return null;
        }
        long[] times = densest(arrivals);
        double span = times[times.length - 1] - times[0];
        if (times.length < 4 || span < 800) {
            return null;
        }
        Cadence even = even(times);
        if (even != null || times.length < 8) {
            return even;
        }
        return new CadenceSearch(times).search();
    }

    private static long[] densest(long[] times) {
        int from = 0;
        int bestFrom = 0;
        int most = 0;
        for (int to = 0; to < times.length; to++) {
            while (times[to] - times[from] > LONGEST_SPAN_MILLIS) {
                from++;
            }
            if (to - from + 1 > most) {
                most = to - from + 1;
                bestFrom = from;
            }
        }
        return Arrays.copyOfRange(times, bestFrom, bestFrom + most);
    }

    /** One loop: a dozen arrivals or fewer, all gaps within a quarter of their median. */
    private static @Nullable Cadence even(long[] times) {
        if (times.length > 12) {
            return null;
        }
        long[] gaps = new long[times.length - 1];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = times[i + 1] - times[i];
        }
        Arrays.sort(gaps);
        double median = (gaps[(gaps.length - 1) / 2] + gaps[gaps.length / 2]) / 2.0;
        if (median < 200 || gaps[0] < 0.75 * median || gaps[gaps.length - 1] > 1.25 * median) {
            return null;
        }
        return new Cadence(rounded(median), 1, Math.min(0.9, hundredth(0.15 * (times.length - 2))));
    }

    private @Nullable Cadence search() {
        Candidate best = null;
        Candidate[] candidates = candidates();
        for (int i = 0; i < candidates.length; i++) {
            if (candidates[i].confidence > 0 && (best == null || candidates[i].better(best))) {
                best = candidates[i];
            }
        }
        if (best == null) {
            return null;
        }
        best = fundamental(best, candidates);
        double period = pairs.centre(
                best.period * (1 - best.tolerance),
                best.period * (1 + best.tolerance),
                background(best.period, best.tolerance));
        double confidence = hundredth(best.confidence);
        return confidence < 0.05 ? null : new Cadence(rounded(period), loops(period), confidence);
    }

    /** What repeats every second also repeats every two: the shortest that is about as good is the period. */
    private static Candidate fundamental(Candidate best, Candidate[] candidates) {
        Candidate shortest = best;
        for (Candidate candidate : candidates) {
            double ratio = best.period / candidate.period;
            double whole = Math.rint(ratio);
            if (ratio > 1.5
                    && Math.abs(ratio - whole) < 0.08 * whole
                    && candidate.confidence >= 0.8 * best.confidence
                    && candidate.score >= 0.6 * best.score
                    && candidate.period < shortest.period) {
                shortest = candidate;
            }
        }
        return shortest;
    }

    /** The local maxima of the excess, highest first, each measured piece by piece. */
    private Candidate[] candidates() {
        double shortest = span > 6000 ? 250 : 700;
        int count = Math.max(1, (int) (Math.log(longest / shortest) / Math.log(STEP)) + 1);
        double[] excess = new double[count];
        @Nullable Candidate[] found = new Candidate[OCTAVES * CANDIDATES];
        int[] sizes = new int[OCTAVES];
        for (double tolerance : TOLERANCES) {
            double period = shortest;
            for (int i = 0; i < count; i++) {
                excess[i] = excess(period, tolerance);
                period *= STEP;
            }
            period = shortest;
            for (int i = 0; i < count; i++) {
                if (excess[i] > 2 && isPeak(excess, i)) {
                    insert(found, sizes, new Candidate(period, tolerance, excess[i]));
                }
                period *= STEP;
            }
        }
        int all = 0;
        for (int size : sizes) {
            all += size;
        }
        Candidate[] candidates = new Candidate[all];
        int next = 0;
        for (Candidate candidate : found) {
            if (candidate != null) {
                measure(candidate);
                candidates[next++] = candidate;
            }
        }
        return candidates;
    }

    private static boolean isPeak(double[] excess, int at) {
        for (int i = Math.max(0, at - 5); i <= Math.min(excess.length - 1, at + 5); i++) {
            if (excess[i] > excess[at]) {
                return false;
            }
        }
        return true;
    }

    private static void insert(@Nullable Candidate[] found, int[] sizes, Candidate candidate) {
        int octave = Math.min(OCTAVES - 1, (int) (Math.log(candidate.period / 250) / Math.log(2)));
        int from = octave * CANDIDATES;
        int at = from + Math.min(sizes[octave], CANDIDATES - 1);
        Candidate last = found[at];
        if (last != null && last.excess >= candidate.excess) {
            return;
        }
        sizes[octave] = Math.min(CANDIDATES, sizes[octave] + 1);
        for (Candidate before = at == from ? null : found[at - 1];
                before != null && before.excess < candidate.excess;
                before = at == from ? null : found[at - 1]) {
            found[at--] = before;
        }
        found[at] = candidate;
    }

    /** Pairs above the background in standard deviations of chance. */
    private double excess(double period, double tolerance) {
        double from = period * (1 - tolerance);
        double to = period * (1 + tolerance);
        if (period * tolerance < 1.5 * Autocorrelation.BIN_MILLIS) {
            return 0;
        }
        double expected = background(period, tolerance) * pairs.bins(from, to);
        return (pairs.between(from, to) - expected) / Math.sqrt(expected + 1);
    }

    private double background(double period, double tolerance) {
        double low = period * (1 - GAP * tolerance);
        double high = period * (1 + GAP * tolerance);
        int bins = pairs.bins(period * LOW_FLANK, low) + pairs.bins(high, period * HIGH_FLANK);
        long held = pairs.between(period * LOW_FLANK, low) + pairs.between(high, period * HIGH_FLANK);
        return bins == 0 ? 0 : (double) held / bins;
    }

    private void measure(Candidate candidate) {
        double period = candidate.period;
        double tolerance = candidate.tolerance;
        double end = times[times.length - 1];
        int[] at = new int[6]; // one finger per edge, as they all move upwards
        double[] perPiece = new double[(int) (span / period) + 1];
        boolean[] used = new boolean[perPiece.length];
        double expected = 0;
        double ratios = 0;
        int tested = 0;
        double lastTested = times[0];
        for (long time : times) {
            if (time + period > end) {
                break;
            }
            double onEnd = Math.min(time + period * (1 + tolerance), end + 1);
            double onFrom = time + period * (1 - tolerance);
            double highEnd = Math.min(time + period * HIGH_FLANK, end);
            double highFrom = time + period * (1 + GAP * tolerance);
            double lowFrom = time + period * LOW_FLANK;
            double lowEnd = time + period * (1 - GAP * tolerance);
            int on = move(at, 1, onEnd) - move(at, 0, onFrom);
            int off = move(at, 3, lowEnd) - move(at, 2, lowFrom);
            double width = lowEnd - lowFrom;
            if (highEnd > highFrom) {
                off += move(at, 5, highEnd) - move(at, 4, highFrom);
                width += highEnd - highFrom;
            }
            double ratio = (onEnd - onFrom) / width;
            int piece = (int) ((time - times[0]) / period);
            perPiece[piece] += on - off * ratio;
            used[piece] = true;
            expected += off * ratio;
            ratios += ratio;
            lastTested = time;
            tested++;
        }
        if (tested >= 3) {
            judge(candidate, perPiece, used, expected, ratios / tested, tested, lastTested - times[0]);
        }
    }

    private void judge(
            Candidate candidate,
            double[] perPiece,
            boolean[] used,
            double expected,
            double ratio,
            int tested,
            double testedSpan) {
        int pieces = 0;
        int positive = 0;
        double sum = 0;
        for (int i = 0; i < perPiece.length; i++) {
            if (used[i]) {
                pieces++;
                positive += perPiece[i] > 0 ? 1 : 0;
                sum += perPiece[i];
            }
        }
        double chance = expected * (1 + ratio) + 1;
        double support = (double) positive / pieces;
        double supported = clamp((support - 0.5) / 0.4);
        if (pieces >= PIECES) {
            double spread = 0;
            for (int i = 0; i < perPiece.length; i++) {
                if (used[i]) {
                    spread += (perPiece[i] - sum / pieces) * (perPiece[i] - sum / pieces);
                }
            }
            spread *= (double) pieces / (pieces - 1);
            double deviations = sum / Math.sqrt(Math.max(chance, spread));
            double most = Math.min(0.95, 0.6 + 0.05 * (pieces - PIECES));
            candidate.confidence = most * clamp((deviations - 2.5 - 10.0 / pieces) / 4) * supported;
            // Loops that never drift are coherent at other lags too, but at their period every arrival has a successor.
            candidate.score = Math.min(CERTAIN, deviations) * support * Math.min(1, Math.max(0, sum / tested));
        } else if (span < 10_000) {
            // Arrivals close to each other share their partners, so that there are fewer independent pairs.
            double shared =
                    1 + tested * Math.min(1, 2 * candidate.tolerance * candidate.period / Math.max(1, testedSpan));
            double deviations = sum / Math.sqrt(chance * shared);
            double most = Math.min(0.5, 0.35 + 0.05 * pieces);
            candidate.confidence = most * clamp((deviations - 1.5) / 4) * supported * clamp(times.length / 30.0);
            candidate.score = deviations * support;
        }
    }

    /** Moves a finger to the first arrival that is not before the time. */
    private int move(int[] at, int finger, double time) {
        int index = at[finger];
        while (index < times.length && times[index] < time) {
            index++;
        }
        at[finger] = index;
        return index;
    }

    /** Tries per period: arrivals within 0.9 of it, as the next try of the first loop must not count, scaled up. */
    private int loops(double period) {
        int[] counts = new int[times.length];
        int size = 0;
        int to = 0;
        for (int i = 0; i < times.length && times[i] + 0.9 * period <= times[times.length - 1]; i++) {
            while (times[to] < times[i] + 0.9 * period) {
                to++;
            }
            counts[size++] = to - i;
        }
        if (size == 0) {
            return times.length;
        }
        Arrays.sort(counts, 0, size);
        return (int) Math.max(1, Math.round(1 + (counts[size / 2] - 1) / 0.9));
    }

    private static double clamp(double value) {
        return Math.max(0, Math.min(1, value));
    }

    private static double hundredth(double value) {
        return Math.rint(value * 100) / 100;
    }

    /** In seconds, to 10 ms. */
    private static double rounded(double millis) {
        return Math.rint(millis / 10) / 100;
    }

    private static final class Candidate {
        private final double period;
        private final double tolerance;
        private final double excess;
        private double confidence;
        private double score;

        private Candidate(double period, double tolerance, double excess) {
            this.period = period;
            this.tolerance = tolerance;
            this.excess = excess;
        }

        private boolean better(Candidate other) {
            return confidence != other.confidence ? confidence > other.confidence : score > other.score;
        }
    }
}
