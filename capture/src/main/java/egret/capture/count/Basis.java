// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/** How a count of requests was come by; weakest last, so that a sum carries the last of its parts. */
public enum Basis {
    /**
     * Clear text, a client known to send one request per connection, or HTTP/1.1 whose records were all seen and show no
     * sign of pipelining.
     */
    EXACT,
    /** Derived from the shape of TLS records; low and high bound it. */
    ESTIMATED,
    /** Every connection carried at least this many; more cannot be excluded. */
    AT_LEAST;

    Basis weaker(Basis other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
