// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/**
 * A number of HTTP requests with its error band.
 *
 * @param count the best estimate
 * @param low no fewer, {@code 0 ≤ low ≤ count}
 * @param high no more, {@code high ≥ count}
 * @param basis the weakest basis of the parts
 */
public record RequestCount(long count, long low, long high, Basis basis) {
    public static final RequestCount NONE = new RequestCount(0, 0, 0, Basis.EXACT);

    public RequestCount {
        if (low < 0 || low > count || high < count) {
            throw new IllegalArgumentException("not a band: " + low + " <= " + count + " <= " + high);
        }
    }

    public RequestCount plus(RequestCount other) {
        return new RequestCount(count + other.count, low + other.low, high + other.high, basis.weaker(other.basis));
    }
}
