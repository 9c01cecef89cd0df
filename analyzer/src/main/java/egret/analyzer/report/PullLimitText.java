// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import com.fasterxml.jackson.core.JsonGenerator;
import egret.analyzer.answer.PullLimit;
import java.io.IOException;
import java.util.List;

/** What registries say themselves of their limits on pulls. */
public final class PullLimitText {
    private PullLimitText() {}

    /** A line for each of those that were asked. */
    static void print(List<PullLimit> limits, Page page) {
        for (PullLimit limit : limits) {
            page.wrapped(
                    "  ", 4, "Limit on image pulls of " + TerminalText.safe(limit.endpoint(), 64) + ": " + of(limit));
        }
    }

    /** Made safe. */
    public static String of(PullLimit limit) {
        String asked = " (asked at " + UtcTime.clock(limit.atNanos()) + ")";
        String server = TerminalText.safe(limit.server(), 80);
        String problem = limit.problem();
        if (problem != null) {
            return "not known, as " + server + " " + TerminalText.safe(problem, 200) + asked;
        }
        String whose = limit.countedAs().isEmpty() ? "" : " for " + TerminalText.safe(limit.countedAs(), 64);
        if (!limit.isNamed()) {
            return server + " itself names none" + whose + ": it grants as many as are wanted" + asked;
        }
        return Figures.grouped(limit.granted() - limit.remaining()) + " of " + Figures.grouped(limit.granted())
                + " image pulls in " + Figures.duration(limit.windowSeconds()) + " are used" + whose + ", says "
                + server
                + " itself" + asked;
    }

    static void write(PullLimit limit, JsonGenerator json) throws IOException {
        json.writeStartObject();
        Json.string(json, "endpoint", limit.endpoint());
        Json.string(json, "server", limit.server());
        Json.time(json, "at", limit.atNanos());
        Json.number(json, "granted", limit.isNamed() ? (Long) limit.granted() : null);
        Json.number(json, "seconds", limit.isNamed() ? (Long) (long) limit.windowSeconds() : null);
        Json.number(json, "remaining", limit.isNamed() ? (Long) limit.remaining() : null);
        Json.string(json, "counted_as", limit.countedAs().isEmpty() ? null : limit.countedAs());
        Json.string(json, "problem", limit.problem());
        json.writeEndObject();
    }
}
