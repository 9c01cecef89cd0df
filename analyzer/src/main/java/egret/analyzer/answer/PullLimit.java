// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.answer;

import org.jspecify.annotations.Nullable;

/**
 * What a registry says itself of its limit on pulls, or why that could not be learned.
 *
 * @param server that said it
 * @param atNanos when it was asked, nanoseconds since the epoch
 * @param granted 0 if it names none: then none applies to whoever asked
 * @param windowSeconds within which so much is granted
 * @param remaining of it
 * @param countedAs the address, or the account, that it counts; "" if it does not say
 * @param problem why there is no answer, as the rest of a sentence that begins with the server; null if there is one
 */
public record PullLimit(
        String endpoint,
        String server,
        long atNanos,
        long granted,
        int windowSeconds,
        long remaining,
        String countedAs,
        @Nullable String problem) {

    public static PullLimit unknown(String endpoint, String server, long atNanos, String problem) {
        return new PullLimit(endpoint, server, atNanos, 0, 0, 0, "", problem);
    }

    /** Whether it names a limit. */
    public boolean isNamed() {
        return granted > 0;
    }
}
