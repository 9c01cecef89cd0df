// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import java.util.Arrays;

/**
 * Which services' attempts the pulls on the wire belong to. A log is silent about pulls that end well, so this is learnt
 * from the times alone: a service asks for its image some time before each of its failures, or never (its image is pinned
 * and there). Pulls are taken as a sum of processes, one for each service and a steady one for all that no log tells of;
 * expectation maximization finds the share of each and the distribution of the time from pull to failure, which is the
 * same for all. Services that retry at the same time are told apart as long as they are not in step for good.
 *
 * <p>Times in ms, ascending. The clocks of capture and log may differ by {@value #EARLIEST} to {@value #LATEST} ms less
 * the time that an attempt takes.
 */
final class PullModel {
    /** An attempt's failure comes so long after its pull; less than 0 where clocks differ. */
    static final int EARLIEST = -2000;

    static final int LATEST = 4000;
    private static final int BIN = 20;
    private static final int BINS = (LATEST - EARLIEST) / BIN;
    /** Odds beyond are knowledge. */
    static final double SURE = 20;

    private static final double CLOCKS_DIFFER = 30; // that they do not: a logarithm
    private static final double MUCH_MORE = 0.15;
    private static final double RARE = 0.2; // a lag below 0
    private static final double EVERYWHERE = 0.05; // of the first lag, which may be wrong
    private static final int ROUNDS = 40;
    private static final int NARROW = 2; // bins to each side
    private static final int WIDE = 40;
    private static final double SHARE_OF_WIDE = 0.3;
    private static final double LEAST = 1e-12;
    private static final double NEGLIGIBLE = 1e-8;

    private final long[] pulls;
    private final long[] attempts;
    private final int[] services; // of each attempt
    private final long from;
    private final long to;
    private final double[] lag = new double[BINS]; // adds up to 1
    private final double[] mass = new double[BINS + 1];
    private final double[] odds;
    private final double[] share;
    private final double[] seen; // attempts whose pull would lie in the time that was seen
    private final double[] gain;
    private final double[] unexplained; // of each pull
    private int earliest;
    private double background; // pulls a ms
    private double better;
    private double told; // pulls whose failures the log would hold

    /**
     * @param services of each attempt
     * @param odds of each service, what is known beforehand: the logarithm of how much likelier it is that it pulls than
     *     that it does not; beyond {@value #SURE} it is taken as known
     * @param from when the wire was seen
     */
    PullModel(long[] pulls, long[] attempts, int[] services, double[] odds, long from, long to) {
        this.pulls = pulls;
        this.attempts = attempts;
        this.services = services;
        this.from = from;
        this.to = Math.max(to, from + 1);
        share = new double[odds.length];
        seen = new double[odds.length];
        gain = new double[odds.length];
        unexplained = new double[pulls.length];
        this.odds = odds;
        learn();
        select();
    }

    /** With all attempts as those of one service, whose share may be any: for {@link #gain}. */
    PullModel(long[] pulls, long[] attempts, long from, long to) {
        this.pulls = pulls;
        this.attempts = attempts;
        this.services = new int[attempts.length];
        this.from = from;
        this.to = Math.max(to, from + 1);
        odds = new double[1];
        share = new double[1];
        seen = new double[1];
        gain = new double[1];
        unexplained = new double[pulls.length];
        learn();
        gain[0] = better;
    }

    /** Of a service's attempts, how many began with a pull: 0 to 1. */
    double share(int service) {
        return share[service];
    }

    /** How much better the pulls are explained with this service than without it: the logarithm of a likelihood ratio. */
    double gain(int service) {
        return gain[service];
    }

    /** How much better the pulls are explained with all services, each with a share of its own, than without. */
    double better() {
        return better;
    }

    /** Attempts of a service whose pulls would have been seen. */
    double seen(int service) {
        return seen[service];
    }

    /** Pulls whose failures the log would hold: it does not tell of the last ones yet. */
    double told() {
        return told;
    }

    /** The probability that a pull belongs to no attempt. */
    double unexplained(int pull) {
        return unexplained[pull];
    }

    /** Median time from pull to failure. */
    int lagMillis() {
        for (int i = 0; i < BINS; i++) {
            if (mass[i + 1] >= 0.5) {
                return EARLIEST + i * BIN + BIN / 2;
            }
        }
        return 0;
    }

    /** Services in a rhythm meet the pulls that come after as well: clocks differ only if that explains much more. */
    private void learn() {
        learn(0);
        double differ = better;
        if (lagMillis() < 0) {
            learn(-EARLIEST / BIN);
            if (differ > better + CLOCKS_DIFFER + MUCH_MORE * better) {
                learn(0);
            }
        }
    }

    /** @param shortest lag that may be, as a bin */
    private void learn(int shortest) {
        earliest = shortest;
        correlate();
        for (int i = 0; i < odds.length; i++) {
            share[i] = isKnown(i) ? (odds[i] > 0 ? 1 : 0) : 0.5;
        }
        background = 0.2 * pulls.length / (to - from);
        double[] explained = new double[share.length];
        double[] lags = new double[BINS];
        for (int round = 0; round < ROUNDS; round++) {
            exposure();
            Arrays.fill(explained, 0);
            Arrays.fill(lags, 0);
            double rest = expect(explained, lags);
            for (int i = 0; i < share.length; i++) {
                if (!isKnown(i)) {
                    share[i] = seen[i] > 0 ? Math.min(1, explained[i] / seen[i]) : 0;
                }
            }
            smooth(lags);
            background = Math.max(rest, 0.01) / (to - from);
        }
        exposure();
        expect(explained, lags);
        better = pulls.length - background * (to - from);
        for (int i = 0; i < share.length; i++) {
            better -= share[i] * seen[i];
        }
        double none = Math.max(LEAST, (double) pulls.length / (to - from));
        for (double rest : unexplained) {
            better += Math.log(background / Math.max(rest, LEAST) / none);
        }
    }

    /** Where pulls and attempts meet more often than elsewhere: a lag to begin with. */
    private void correlate() {
        double[] met = new double[BINS];
        int first = 0;
        for (int p = 0; p < pulls.length; p++) {
            while (first < attempts.length && attempts[first] < pulls[p] + EARLIEST) {
                first++;
            }
            for (int a = first; a < attempts.length && attempts[a] < pulls[p] + LATEST; a++) {
                met[bin(p, a)]++;
            }
        }
        for (int i = 0; i < -EARLIEST / BIN; i++) {
            met[i] *= RARE;
        }
        smooth(met);
        double[] sorted = lag.clone();
        Arrays.sort(sorted);
        double usual = sorted[BINS / 2];
        for (int i = 0; i < BINS; i++) {
            lag[i] = Math.max(0, lag[i] - usual) + EVERYWHERE / BINS;
        }
        normalize();
    }

    /** How many of its attempts could have been seen pulling. */
    private void exposure() {
        for (int i = 0; i < BINS; i++) {
            mass[i + 1] = mass[i] + lag[i];
        }
        Arrays.fill(seen, 0);
        for (int i = 0; i < attempts.length; i++) {
            seen[services[i]] += below(attempts[i] - from) - below(attempts[i] - to);
        }
    }

    /** Share of the lags that are shorter. */
    private double below(long millis) {
        long bin = Math.floorDiv(millis - EARLIEST, (long) BIN);
        return bin <= 0 ? 0 : bin >= BINS ? 1 : mass[(int) bin];
    }

    /** Shares each pull out. Returns what is left for none. */
    private double expect(double[] explained, double[] lags) {
        double rest = 0;
        int first = 0;
        for (int p = 0; p < pulls.length; p++) {
            while (first < attempts.length && attempts[first] < pulls[p] + EARLIEST) {
                first++;
            }
            double sum = background;
            int end = first;
            for (; end < attempts.length && attempts[end] < pulls[p] + LATEST; end++) {
                sum += weight(p, end);
            }
            for (int a = first; a < end; a++) {
                double part = weight(p, a) / sum;
                explained[services[a]] += part;
                lags[bin(p, a)] += part;
            }
            unexplained[p] = background / sum;
            rest += unexplained[p];
        }
        return rest;
    }

    private double weight(int pull, int attempt) {
        return share[services[attempt]] * lag[bin(pull, attempt)] / BIN;
    }

    private int bin(int pull, int attempt) {
        return (int) ((attempts[attempt] - pulls[pull] - EARLIEST) / BIN);
    }

    private void smooth(double[] lags) {
        mean(lags, NARROW, lag);
        normalize();
    }

    /** A lag grows with what the daemon has to do: one that is rare is not as unlikely as those that were seen make it. */
    private void widen() {
        double[] wide = new double[BINS];
        mean(lag, WIDE, wide);
        for (int i = 0; i < BINS; i++) {
            lag[i] = (1 - SHARE_OF_WIDE) * lag[i] + SHARE_OF_WIDE * wide[i];
        }
        normalize();
    }

    private void normalize() {
        double sum = 0;
        for (int i = 0; i < BINS; i++) {
            lag[i] = LEAST + (i < earliest ? 0 : lag[i]);
            sum += lag[i];
        }
        for (int i = 0; i < BINS; i++) {
            lag[i] /= sum;
        }
    }

    /** Of the bins around each; fewer at the ends. */
    private static void mean(double[] of, int around, double[] means) {
        double sum = 0;
        for (int i = -around; i < BINS; i++) {
            sum += i + around < BINS ? of[i + around] : 0;
            sum -= i - around - 1 >= 0 ? of[i - around - 1] : 0;
            if (i >= 0) {
                means[i] = Math.max(0, sum) / (Math.min(BINS - 1, i + around) - Math.max(0, i - around) + 1);
            }
        }
    }

    /** From shares to services that pull at each attempt, and such that never do. */
    private void select() {
        double[] untold = untold();
        widen();
        double[][] parts = new double[share.length][];
        int[][] of = new int[share.length][];
        weights(parts, of);
        Selection selection = new Selection(untold, told, to - from, parts, of, seen, odds, share);
        for (int i = 0; i < share.length; i++) {
            share[i] = selection.isChosen(i) ? 1 : 0;
            gain[i] = selection.gain(i);
        }
        background = selection.rest() / (to - from);
        for (int p = 0; p < pulls.length; p++) {
            unexplained[p] = background / (background + Math.max(0, selection.sum(p)));
        }
    }

    /** Of each pull, how likely it is that its failure comes after the last that the log holds, by ms. */
    private double[] untold() {
        double[] untold = new double[pulls.length];
        long last = attempts.length == 0 ? to : attempts[attempts.length - 1];
        told = pulls.length;
        for (int p = pulls.length - 1; p >= 0 && pulls[p] > to - LATEST; p--) {
            double later = 1 - below(last - pulls[p]);
            told -= later;
            untold[p] = later * pulls.length / (to - from);
        }
        return untold;
    }

    private boolean isKnown(int service) {
        return Math.abs(odds[service]) > SURE;
    }

    /** Where each service's attempts could have pulled, and how likely that is. */
    private void weights(double[][] parts, int[][] of) {
        int[] sizes = new int[share.length];
        for (int i = 0; i < share.length; i++) {
            parts[i] = new double[16];
            of[i] = new int[16];
        }
        int first = 0;
        for (int p = 0; p < pulls.length; p++) {
            while (first < attempts.length && attempts[first] < pulls[p] + EARLIEST) {
                first++;
            }
            for (int a = first; a < attempts.length && attempts[a] < pulls[p] + LATEST; a++) {
                double weight = lag[bin(p, a)] / BIN;
                int service = services[a];
                int n = sizes[service];
                if (weight < NEGLIGIBLE) {
                    continue;
                }
                if (n > 0 && of[service][n - 1] == p) {
                    parts[service][n - 1] += weight;
                    continue;
                }
                if (n == of[service].length) {
                    parts[service] = Arrays.copyOf(parts[service], 2 * n);
                    of[service] = Arrays.copyOf(of[service], 2 * n);
                }
                parts[service][n] = weight;
                of[service][n] = p;
                sizes[service] = n + 1;
            }
        }
        for (int i = 0; i < share.length; i++) {
            parts[i] = Arrays.copyOf(parts[i], sizes[i]);
            of[i] = Arrays.copyOf(of[i], sizes[i]);
        }
    }
}
