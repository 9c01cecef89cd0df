// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

/** By what the sources are ordered; the largest or earliest first. */
enum Sort {
    MINUTE("requests in the last 60 s"),
    TEN_SECONDS("requests in the last 10 s"),
    TOTAL("requests since the start"),
    PEAK("peak"),
    SINCE("onset"),
    ADDRESS("address");

    private final String words;

    Sort(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    Sort next() {
        return values()[(ordinal() + 1) % values().length];
    }
}
