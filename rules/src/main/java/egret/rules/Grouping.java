// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.util.Locale;

/** Whose counts are added up before a threshold looks at them. */
public enum Grouping {
    EGRESS,
    SOURCE,
    OWNER;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As it is written in rules, JSON and alerts. */
    public String word() {
        return word;
    }
}
