// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import com.fasterxml.jackson.core.JsonGenerator;
import egret.analyzer.answer.BudgetUse;
import egret.analyzer.answer.BudgetUse.By;
import egret.analyzer.answer.BudgetUse.Likely;
import egret.analyzer.answer.PullLimit;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How much of its limits is used, on the page and in JSON. */
final class BudgetText {
    private static final double WORTH_A_LINE = 0.4;

    /** Pulls have no line of their own elsewhere. */
    private static final double PULLS_WORTH_A_LINE = 0.1;

    private static final int MOST_SOURCES = 3;

    private BudgetText() {}

    /** Only what is used so far that it matters. */
    static void print(List<BudgetUse> budgets, Page page) {
        boolean first = true;
        for (BudgetUse use : budgets) {
            double least = isOfPulls(use) ? PULLS_WORTH_A_LINE : WORTH_A_LINE;
            if (use.told() != null || use.share() >= least || use.runsOutNanos() != null) {
                page.labelled(2, first ? "Budget" : "", line(use));
                first = false;
            }
        }
    }

    private static String line(BudgetUse use) {
        PullLimit told = use.told();
        return told != null ? told(use, told) : isOfPulls(use) ? pulls(use) : requests(use);
    }

    private static boolean isOfPulls(BudgetUse use) {
        return use.limit().equals("pull");
    }

    private static String requests(BudgetUse use) {
        StringBuilder text = new StringBuilder(Figures.grouped(use.used()));
        granted(use, "requests", text);
        by(use, text);
        Long frees = use.freesNanos();
        if (frees != null) {
            text.append("; used up: if all stop at once, the last minute is below the limit at ");
            text.append(UtcTime.clock(frees)).append(", but the block may last for hours");
        }
        runsOut(use, text);
        return text.toString();
    }

    private static String pulls(BudgetUse use) {
        Likely likely = use.likely();
        StringBuilder text = new StringBuilder();
        if (likely == null) {
            text.append("at most ").append(Figures.grouped(use.used()));
        } else {
            text.append("likely ");
            text.append(likely.count() == 0 ? "none" : "no more than " + Figures.grouped(likely.count()));
        }
        granted(use, "image pulls", text);
        if (likely != null) {
            text.append(": ").append(Figures.grouped(use.used())).append(" were begun");
        }
        by(use, text);
        if (likely != null) {
            text.append(", but with ").append(Figures.tenths(likely.requestsPerPull()));
            text.append(" requests each ").append(likely.count() == 0 ? "they" : "most");
            text.append(" load nothing, which does not count");
        } else {
            text.append(", of which those of images that are up to date may not count");
        }
        Long frees = use.freesNanos();
        if (frees != null) {
            text.append("; used up: the first of them leaves the window at ").append(when(frees, use));
        }
        runsOut(use, text);
        if (use.counted() >= WORTH_A_LINE * use.granted() && !use.note().isEmpty()) {
            text.append(". The limit: ").append(TerminalText.safe(use.note(), 200));
        }
        return text.toString();
    }

    private static String told(BudgetUse use, PullLimit told) {
        StringBuilder text = new StringBuilder(PullLimitText.of(told));
        Long frees = use.freesNanos();
        if (frees != null) {
            text.append("; used up: all of it is free again at ")
                    .append(when(frees, use))
                    .append(" at the latest,");
            text.append(" if nothing is pulled until then");
        }
        runsOut(use, text);
        return text.toString();
    }

    private static void granted(BudgetUse use, String what, StringBuilder text) {
        text.append(" of ")
                .append(Figures.grouped(use.granted()))
                .append(' ')
                .append(what)
                .append(" in ");
        text.append(Figures.duration(use.windowSeconds()));
        if (use.seenSeconds() < use.windowSeconds()) {
            text.append(", of which ")
                    .append(Figures.duration(use.seenSeconds()))
                    .append(" were seen");
        }
        text.append(use.ip() == null ? "" : ", by " + use.ip());
    }

    private static void by(BudgetUse use, StringBuilder text) {
        for (int at = 0; at < Math.min(MOST_SOURCES, use.by().size()); at++) {
            By by = use.by().get(at);
            text.append(at == 0 ? " (" : ", ").append(by.source()).append(' ').append(Figures.grouped(by.used()));
        }
        text.append(use.by().isEmpty() ? "" : use.by().size() > MOST_SOURCES ? ", …)" : ")");
    }

    private static void runsOut(BudgetUse use, StringBuilder text) {
        Long runsOut = use.runsOutNanos();
        if (runsOut != null) {
            text.append("; at this pace used up at ").append(when(runsOut, use));
        }
    }

    /** Hours later it may be another day. */
    private static String when(long nanos, BudgetUse use) {
        return (use.windowSeconds() > 60 ? UtcTime.date(nanos) + " " : "") + UtcTime.clock(nanos);
    }

    static void write(List<BudgetUse> budgets, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("budgets");
        for (BudgetUse use : budgets) {
            json.writeStartObject();
            Json.string(json, "limit", use.limit());
            Json.string(json, "ip", use.ip() == null ? null : use.ip().toString());
            json.writeNumberField("seconds", use.windowSeconds());
            json.writeNumberField("seen_seconds", use.seenSeconds());
            json.writeNumberField("granted", use.granted());
            json.writeNumberField("used", use.used());
            Json.share(json, "share", use.share());
            likely(use.likely(), json);
            json.writeArrayFieldStart("by");
            for (By by : use.by()) {
                json.writeStartObject();
                Json.string(json, "source", by.source().toString());
                json.writeNumberField("used", by.used());
                json.writeEndObject();
            }
            json.writeEndArray();
            Long runsOut = use.runsOutNanos();
            Long frees = use.freesNanos();
            Json.time(json, "runs_out", runsOut == null ? 0 : runsOut);
            Json.time(json, "frees", frees == null ? 0 : frees);
            Json.string(json, "note", use.note());
            if (use.told() != null) {
                json.writeFieldName("told");
                PullLimitText.write(use.told(), json);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void likely(@Nullable Likely likely, JsonGenerator json) throws IOException {
        if (likely != null) {
            json.writeNumberField("likely", likely.count());
            Json.share(json, "requests_per_pull", likely.requestsPerPull());
        }
    }
}
