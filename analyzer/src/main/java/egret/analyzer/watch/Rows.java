// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import java.util.List;

/** What can be walked through with the cursor on one level. */
interface Rows {
    /** What each row is called, in the order in which they are shown. */
    List<String> names();

    /** The rows from one to before another. */
    Grid grid(int from, int to, int columns);

    /** What these are, in safe words. */
    String title();

    /** More about the whole of it, in lines of safe text. */
    List<String> summary();

    static Rows of(Moment moment, ViewState state) {
        return switch (state.level()) {
            case SOURCES -> new SourceRows(moment, state);
            case OWNERS -> new OwnerRows(moment, state);
            case NAMES -> new NameRows(moment, state);
        };
    }

    /** The row under the cursor: the first one if what was selected is gone. */
    default int cursor(String selected) {
        return Math.max(0, names().indexOf(selected));
    }
}
