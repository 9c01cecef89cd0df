// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import java.util.Arrays;

/**
 * The set of services that explains the pulls best. A service pulls at each attempt or at none, and an attempt pulls once:
 * so their attempts are as many as the pulls, but for those that no log tells of. Looked for service by service, from what
 * the shares of a {@link PullModel} say.
 */
final class Selection {
    private static final int SEARCHES = 8;
    private static final long MOST_WORK = 30_000_000; // logarithms
    private static final double CHOSEN = 0.5; // share
    private static final double FAR = 0.1; // of the mean: no attempt is near, as with the last pulls of a service
    private static final double STRANGE = 0.1; // what a pull that no log tells of costs, as a logarithm
    private static final double STRANGE_IF_COMPLETE = 0.3; // where there are about as many attempts as pulls
    private static final double ABOUT = 0.2;
    private static final double SIMPLE = 5; // all of them is likelier than any other set, all else being equal
    private static final double SPREAD = 0.01; // attempts that are seen, but not their pulls, at the edges

    private final double[] untold;
    private final double pulls;
    private final double millis;
    private final double[][] parts; // by service: how likely its attempts pulled then ...
    private final int[][] of; // ... and which pull that is
    private final double[] seen;
    private final double[] odds;
    private final boolean[] chosen;
    private final double[] gain;
    private double[] sums;
    private double many; // attempts of those chosen
    private double strange;
    private double least; // pulls that no attempt is near
    private long work;

    /**
     * @param untold of each pull: how likely it is that the log does not tell of it yet, by ms
     * @param pulls those that it could tell of
     * @param millis in which the pulls were seen
     * @param seen attempts of each service whose pulls would have been seen
     * @param share of each service's attempts that pulled, to begin with
     */
    Selection(
            double[] untold,
            double pulls,
            long millis,
            double[][] parts,
            int[][] of,
            double[] seen,
            double[] odds,
            double[] share) {
        this.untold = untold;
        this.pulls = pulls;
        this.millis = millis;
        this.parts = parts;
        this.of = of;
        this.seen = seen;
        this.odds = odds;
        chosen = new boolean[share.length];
        gain = new double[share.length];
        sums = untold.clone();
        for (int i = 0; i < chosen.length; i++) {
            if (share[i] >= CHOSEN) {
                chosen[i] = true;
                add(sums, i, 1);
                many += seen[i];
            }
        }
        choose();
    }

    boolean isChosen(int service) {
        return chosen[service] && (seen[service] > 0 || isKnown(service));
    }

    /** How much likelier the set is that it belongs to than the best one that it does not: a logarithm. */
    double gain(int service) {
        return gain[service];
    }

    /** Pulls that no log tells of. */
    double rest() {
        return rest(many);
    }

    /** What all that were chosen make of a pull, a ms. */
    double sum(int pull) {
        return sums[pull];
    }

    private void choose() {
        double[] all = untold.clone();
        double most = 0;
        for (int i = 0; i < chosen.length; i++) {
            if (!isKnown(i) || odds[i] > 0) {
                add(all, i, 1);
                most += seen[i];
            }
        }
        double mean = 0;
        for (double each : all) {
            mean += each / all.length;
        }
        least = 2;
        for (double each : all) {
            least += each < FAR * mean ? 1 : 0;
        }
        strange = Math.abs(most - pulls) < ABOUT * pulls ? STRANGE_IF_COMPLETE : STRANGE;
        search(false);
        if (score(all, most) + SIMPLE > score(sums, many)) {
            sums = all;
            many = most;
            for (int i = 0; i < chosen.length; i++) {
                chosen[i] = !isKnown(i) || odds[i] > 0;
            }
            search(true);
        } else {
            swaps();
        }
    }

    private boolean isKnown(int service) {
        return Math.abs(odds[service]) > PullModel.SURE;
    }

    /** Takes services in and out for as long as that explains the pulls better, or only tells what that would gain. */
    private void search(boolean only) {
        boolean changed = true;
        for (int round = 0; changed && round < SEARCHES && work < MOST_WORK; round++) {
            changed = false;
            double now = score(sums, many);
            for (int i = 0; i < chosen.length && work < MOST_WORK; i++) {
                int sign = chosen[i] ? -1 : 1;
                add(sums, i, sign);
                double other = score(sums, many + sign * seen[i]);
                gain[i] = sign * (other - now) + odds[i];
                if (!only && !isKnown(i) && sign * gain[i] > 0) {
                    chosen[i] = !chosen[i];
                    many += sign * seen[i];
                    now = other;
                    changed = true;
                } else {
                    add(sums, i, -sign);
                }
            }
        }
    }

    /** One in the place of another explains as many pulls: how much worse that is, limits how sure both are. */
    private void swaps() {
        double now = score(sums, many);
        double[] worst = new double[chosen.length];
        Arrays.fill(worst, Double.MAX_VALUE);
        for (int in = 0; in < chosen.length; in++) {
            if (!chosen[in] || isKnown(in)) {
                continue;
            }
            add(sums, in, -1);
            for (int out = 0; out < chosen.length && work < MOST_WORK; out++) {
                if (chosen[out] || isKnown(out)) {
                    continue;
                }
                add(sums, out, 1);
                double loss = now - score(sums, many - seen[in] + seen[out]) + odds[in] - odds[out];
                worst[in] = Math.min(worst[in], loss);
                worst[out] = Math.min(worst[out], loss);
                add(sums, out, -1);
            }
            add(sums, in, 1);
        }
        for (int i = 0; i < chosen.length; i++) {
            double loss = Math.max(0, worst[i]);
            gain[i] = chosen[i] ? Math.min(gain[i], loss) : Math.max(gain[i], -loss);
        }
    }

    private void add(double[] to, int service, int sign) {
        double[] part = parts[service];
        int[] pull = of[service];
        for (int i = 0; i < part.length; i++) {
            to[pull[i]] += sign * part[i];
        }
    }

    private double rest(double attempts) {
        return Math.max(least, pulls - attempts);
    }

    private double score(double[] explained, double attempts) {
        work += explained.length;
        double rest = rest(attempts);
        double rate = rest / millis;
        double score = -rest * strange;
        for (double sum : explained) {
            score += Math.log(rate + Math.max(0, sum));
        }
        double excess = attempts + rest - pulls;
        double spread = Math.max(2, SPREAD * pulls);
        return score - excess * excess / (2 * spread * spread);
    }
}
