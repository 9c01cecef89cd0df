// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import egret.capture.linux.Libpcap;
import egret.capture.live.LiveException.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The user's filter as programs for the ring, compiled by libpcap; libpcap is not needed when there is none. */
final class UserFilter {
    private static final String INSTALL =
            "install its package (Debian and Ubuntu: libpcap0.8, Fedora: libpcap, Alpine: libpcap)";

    /** Of newer versions; it says no more than our own words. */
    private static final String PREFIX = "can't parse filter expression: ";

    private UserFilter() {}

    /** One program for each interface, as offsets differ with the link; empty without a filter. */
    static List<long[]> compile(LiveOptions options) throws LiveException {
        List<long[]> programs = new ArrayList<>();
        String text = options.filter();
        if (text == null || text.isBlank()) {
            return programs;
        }
        for (String name : options.interfaces()) {
            Libpcap.Compiled compiled = compile(name, options.snaplen(), text);
            long[] program = compiled.program();
            if (program == null) {
                throw compiled.opened()
                        ? badFilter(text, compiled.problem())
                        : new LiveException(
                                Problem.OTHER,
                                "libpcap cannot open " + name + " to compile the filter: " + compiled.problem() + ".");
            }
            programs.add(program);
        }
        return programs;
    }

    private static Libpcap.Compiled compile(String name, int snaplen, String text) throws LiveException {
        try {
            return Libpcap.compile(name, snaplen, text);
        } catch (LinkageError absent) {
            throw noLibpcap("A filter needs libpcap");
        }
    }

    static LiveException badFilter(String text, @Nullable String problem) {
        String words = String.valueOf(problem);
        int prefix = words.indexOf(PREFIX);
        String cause = prefix < 0 ? words : words.substring(prefix + PREFIX.length());
        return new LiveException(
                Problem.BAD_FILTER, "The filter \"" + text + "\" is not understood by libpcap: " + cause + ".");
    }

    static LiveException noLibpcap(String what) {
        return new LiveException(Problem.NO_LIBPCAP, what + ", which is not on this machine: " + INSTALL + ".");
    }
}
