// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

/** How many pairs of arrivals lie so far apart, by lag in bins of {@value #BIN_MILLIS} ms. */
final class Autocorrelation {
    static final int BIN_MILLIS = 20;

    private final long[] pairs; // up to and without this lag
    private final int lags;

    /** @param times ascending, in ms; the cost is their number times how many arrive within the longest lag */
    Autocorrelation(long[] times, double longestMillis) {
        lags = (int) (longestMillis / BIN_MILLIS) + 2;
        pairs = new long[lags + 1];
        for (int i = 0; i < times.length; i++) {
            for (int j = i + 1; j < times.length; j++) {
                int lag = (int) ((times[j] - times[i] + BIN_MILLIS / 2) / BIN_MILLIS);
                if (lag >= lags) {
                    break;
                }
                pairs[lag + 1]++;
            }
        }
        for (int lag = 0; lag < lags; lag++) {
            pairs[lag + 1] += pairs[lag];
        }
    }

    /** Pairs with a lag between the two, bounds included. */
    long between(double fromMillis, double toMillis) {
        int from = first(fromMillis);
        int to = last(toMillis);
        return from > to ? 0 : pairs[to + 1] - pairs[from];
    }

    /** The number of bins that {@link #between} adds up. */
    int bins(double fromMillis, double toMillis) {
        return Math.max(0, last(toMillis) - first(fromMillis) + 1);
    }

    /** The centre of what is above the background. */
    double centre(double fromMillis, double toMillis, double backgroundPerBin) {
        double weight = 0;
        double sum = 0;
        for (int lag = first(fromMillis); lag <= last(toMillis); lag++) {
            double above = Math.max(0, pairs[lag + 1] - pairs[lag] - backgroundPerBin);
            weight += above;
            sum += above * lag * BIN_MILLIS;
        }
        return weight == 0 ? (fromMillis + toMillis) / 2 : sum / weight;
    }

    private static int first(double millis) {
        return Math.max(1, (int) Math.round(millis / BIN_MILLIS));
    }

    private int last(double millis) {
        return Math.min(lags - 1, (int) Math.round(millis / BIN_MILLIS));
    }
}
