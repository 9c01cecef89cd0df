// SPDX-License-Identifier: Apache-2.0
package egret.rules;

/**
 * A level that, once reached within a sliding window, raises an alert.
 *
 * @param id its key in rules, alerts and JSON
 * @param endpoint name of the endpoint whose connections count
 * @param measure what is counted
 * @param grouping whose counts are added up
 * @param windowSeconds length of the sliding window, 1 s to 24 h
 * @param value fires at this count or above, ≥ 1; a share of a limit is already worked out
 * @param sharePercent the share of what the endpoint's limit grants in the window that {@code value} is, 0 if it was
 *     given as a number
 * @param resolvePercent resolved when the count is below this share of {@code value}, 1 to 100
 * @param severity how bad it is
 * @param text what it means and what to do, for people; "" if nothing is to be said
 */
public record Threshold(
        String id,
        String endpoint,
        Measure measure,
        Grouping grouping,
        int windowSeconds,
        long value,
        int sharePercent,
        int resolvePercent,
        Severity severity,
        String text) {
    /** When nothing else is said: low enough that a rate swinging around the threshold is one alert, not many. */
    public static final int DEFAULT_RESOLVE_PERCENT = 80;

    /** Resolved when the count is below this, ≥ 1. */
    public long resolveValue() {
        return Math.max(1, (long) ((double) value * resolvePercent / 100));
    }
}
