// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.util.Locale;

/** What of a connection's traffic a threshold or a limit counts. */
public enum Measure {
    CONNECTIONS,
    FAILED,
    REQUESTS,
    PULLS,
    BYTES;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As it is written in rules, JSON and alerts. */
    public String word() {
        return word;
    }
}
