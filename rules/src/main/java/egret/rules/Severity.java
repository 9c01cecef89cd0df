// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.util.Locale;

/** How bad it is when a threshold is crossed, mildest first. */
public enum Severity {
    INFO,
    WARNING,
    CRITICAL;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As it is written in rules, JSON and alerts. */
    public String word() {
        return word;
    }
}
