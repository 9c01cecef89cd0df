// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

/** The methods that sources name, by small numbers, with what came of the connections each of them was asked about. */
final class Methods {
    /** As {@link egret.capture.origin.Owner} lists, and two of the future; others share the last number. */
    private static final int MOST = 8;

    private final String[] names = new String[MOST];
    private final long[] attributed = new long[MOST];
    private int count;

    int number(String name) {
        for (int i = 0; i < count; i++) {
            // The same object nearly always: a source has one.
            if (names[i].equals(name)) {
                return i;
            }
        }
        if (count < MOST) {
            names[count] = name;
            return count++;
        }
        return MOST - 1;
    }

    String name(int number) {
        return names[number];
    }

    int most() {
        return MOST;
    }

    int count() {
        return count;
    }

    void attributed(int number) {
        attributed[number]++;
    }

    long attributions(int number) {
        return attributed[number];
    }
}
