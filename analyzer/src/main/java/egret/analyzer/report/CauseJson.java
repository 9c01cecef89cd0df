// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import com.fasterxml.jackson.core.JsonGenerator;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Answer.InputLog;
import egret.analyzer.answer.Answer.WhatIf;
import egret.analyzer.answer.Culprit;
import java.io.IOException;
import java.util.List;

/** What logs add to the JSON: which were read, and the services of a finding, all of them. */
final class CauseJson {
    private CauseJson() {}

    static void logs(List<InputLog> logs, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("logs");
        for (InputLog log : logs) {
            json.writeStartObject();
            Json.string(json, "path", log.path());
            json.writeNumberField("bytes", log.bytes());
            json.writeNumberField("lines", log.lines());
            json.writeNumberField("used", log.used());
            json.writeNumberField("in_time", log.inTime());
            json.writeNumberField("undated", log.undated());
            json.writeNumberField("overlong", log.overlong());
            json.writeNumberField("shed", log.shed());
            json.writeBooleanField("zone_assumed", log.zoneAssumed());
            Json.string(json, "error", log.error());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Nothing where no log told anything. */
    static void write(Finding finding, JsonGenerator json) throws IOException {
        if (finding.pattern() != null) {
            Json.string(json, "pattern", finding.pattern());
        }
        if (finding.stopCommand() != null) {
            Json.string(json, "stop_command", finding.stopCommand());
        }
        if (!finding.culprits().isEmpty()) {
            culprits("culprits", finding.culprits(), json);
        }
        if (!finding.acquitted().isEmpty()) {
            culprits("not_culprits", finding.acquitted(), json);
        }
        WhatIf whatIf = finding.whatIf();
        if (whatIf != null) {
            json.writeObjectFieldStart("what_if");
            json.writeArrayFieldStart("stop");
            for (String service : whatIf.stop()) {
                Json.text(json, service);
            }
            json.writeEndArray();
            json.writeNumberField("remaining_per_minute", whatIf.remainingPerMinute());
            json.writeNumberField("without_all_per_minute", whatIf.withoutAllPerMinute());
            json.writeBooleanField("enough", whatIf.enough());
            json.writeEndObject();
        }
    }

    private static void culprits(String field, List<Culprit> culprits, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(field);
        for (Culprit culprit : culprits) {
            json.writeStartObject();
            Json.string(json, "service", culprit.service());
            Json.string(json, "name", culprit.name().isEmpty() ? null : culprit.name());
            Json.string(json, "image", culprit.image().isEmpty() ? null : culprit.image());
            json.writeNumberField("attempts", culprit.attempts());
            json.writeNumberField("requests", culprit.requests());
            Json.share(json, "share", culprit.share());
            Boolean pinned = culprit.pinned();
            if (pinned == null) {
                json.writeNullField("pinned");
            } else {
                json.writeBooleanField("pinned", pinned);
            }
            Json.string(json, "problem", culprit.problem());
            Json.string(json, "pull_problem", culprit.pullProblem().isEmpty() ? null : culprit.pullProblem());
            Json.string(json, "detail", culprit.detail());
            Json.share(json, "period_seconds", culprit.periodSeconds());
            Json.share(json, "confidence", culprit.confidence());
            Json.string(json, "log", culprit.log());
            json.writeNumberField("line", culprit.line());
            json.writeNumberField("last_line", culprit.lastLine());
            Json.time(json, "first", culprit.firstNanos());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
