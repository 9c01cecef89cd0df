// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import com.fasterxml.jackson.core.JsonGenerator;
import egret.analyzer.answer.BudgetUse;
import egret.analyzer.answer.BudgetUse.By;
import java.io.IOException;
import java.util.List;

/** How much of its limits is used, on the page and in JSON. */
final class BudgetText {
    private static final double WORTH_A_LINE = 0.4;
    private static final int MOST_SOURCES = 3;

    private BudgetText() {}

    /** Only what is used so far that it matters. */
    static void print(List<BudgetUse> budgets, Page page) {
        boolean first = true;
        for (BudgetUse use : budgets) {
            if (use.share() >= WORTH_A_LINE || use.runsOutNanos() != null) {
                page.labelled(2, first ? "Budget" : "", line(use));
                first = false;
            }
        }
    }

    private static String line(BudgetUse use) {
        boolean pulls = use.limit().equals("pull");
        StringBuilder text = new StringBuilder(pulls ? "at most " : "");
        text.append(Figures.grouped(use.used())).append(" of ").append(Figures.grouped(use.granted()));
        text.append(pulls ? " image pulls" : " requests").append(" in ");
        text.append(Figures.duration(use.windowSeconds()));
        text.append(use.ip() == null ? "" : " by " + use.ip());
        for (int at = 0; at < Math.min(MOST_SOURCES, use.by().size()); at++) {
            By by = use.by().get(at);
            text.append(at == 0 ? " (" : ", ").append(by.source()).append(' ').append(Figures.grouped(by.used()));
        }
        text.append(use.by().isEmpty() ? "" : use.by().size() > MOST_SOURCES ? ", …)" : ")");
        Long runsOut = use.runsOutNanos();
        Long frees = use.freesNanos();
        if (runsOut != null) {
            text.append("; used up at ").append(UtcTime.clock(runsOut)).append(" if it goes on so");
        } else if (frees != null) {
            text.append("; used up: the window begins to free at ").append(UtcTime.clock(frees));
            text.append(pulls ? "" : " if all stop, the block may last for hours");
        }
        text.append(pulls ? "; those of images that are up to date may not count" : "");
        return text.toString();
    }

    static void write(List<BudgetUse> budgets, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("budgets");
        for (BudgetUse use : budgets) {
            json.writeStartObject();
            Json.string(json, "limit", use.limit());
            Json.string(json, "ip", use.ip() == null ? null : use.ip().toString());
            json.writeNumberField("seconds", use.windowSeconds());
            json.writeNumberField("granted", use.granted());
            json.writeNumberField("used", use.used());
            Json.share(json, "share", use.share());
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
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
