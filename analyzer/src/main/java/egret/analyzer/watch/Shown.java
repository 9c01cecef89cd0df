// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.answer.Answer.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What of a moment a state of the view looks at. */
final class Shown {
    private Shown() {}

    /** Endpoints with something in them, busiest first. */
    static List<Watched> endpoints(Moment moment) {
        List<Watched> endpoints = new ArrayList<>();
        for (Watched watched : moment.answer().watched()) {
            if (watched.connections() > 0
                    || watched.failed() > 0
                    || watched.requests().count() > 0) {
                endpoints.add(watched);
            }
        }
        return endpoints;
    }

    /** The endpoint that was chosen, else the busiest, null if nothing went to any. */
    static @Nullable Watched endpoint(Moment moment, ViewState state) {
        List<Watched> endpoints = endpoints(moment);
        for (Watched watched : endpoints) {
            if (watched.endpoint().equals(state.endpoint())) {
                return watched;
            }
        }
        return endpoints.isEmpty() ? null : endpoints.get(0);
    }

    static @Nullable Source source(@Nullable Watched watched, String name) {
        if (watched != null) {
            for (Source source : watched.sources()) {
                if (source.ip().toString().equals(name)) {
                    return source;
                }
            }
        }
        return null;
    }

    /** Requests within the last so many seconds, of one of the windows that are kept. */
    static long now(List<Window> windows, int seconds) {
        for (Window window : windows) {
            if (window.seconds() == seconds) {
                return window.now();
            }
        }
        return 0;
    }

    /** Of requests in the last 10 s, how many that is in a minute. */
    static long pace(List<Window> windows) {
        return now(windows, 10) * 6;
    }

    static boolean matches(String filter, String text) {
        return filter.isEmpty() || text.toLowerCase(Locale.ROOT).contains(filter.toLowerCase(Locale.ROOT));
    }
}
