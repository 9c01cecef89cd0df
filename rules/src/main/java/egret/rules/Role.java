// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.util.Locale;

/** What a server name of an endpoint is for, so that the connections of one pull can be put together. */
public enum Role {
    REGISTRY,
    AUTH,
    CDN,
    WEB,
    LOOKUP_ONLY,
    OTHER;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As it is written in rules, JSON and alerts. */
    public String word() {
        return word;
    }
}
