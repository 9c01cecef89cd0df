// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import com.fasterxml.jackson.core.JsonGenerator;
import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.InputFile;
import egret.analyzer.answer.Answer.InputInterface;
import egret.analyzer.answer.Answer.OtherSource;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.answer.PullLimit;
import egret.capture.count.EvidenceGaps;
import egret.capture.count.EvidenceGaps.Coverage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The answer as one JSON document. Its names are a contract with scripts: names are added, never changed. */
public final class AnswerJson {
    /** Changes only if a name had to change its meaning. */
    private static final int SCHEMA = 1;

    private final Answer answer;
    private final JsonGenerator json;

    private AnswerJson(Answer answer, JsonGenerator json) {
        this.answer = answer;
        this.json = json;
    }

    /** Writes the document and a line feed; leaves {@code out} open. */
    public static void write(Answer answer, String version, OutputStream out) throws IOException {
        try (JsonGenerator json = Json.to(out)) {
            new AnswerJson(answer, json).write(version);
        }
        out.write('\n');
    }

    private void write(String version) throws IOException {
        json.writeStartObject();
        Json.string(json, "egret", version);
        json.writeNumberField("schema", SCHEMA);
        input();
        json.writeArrayFieldStart("watched");
        for (Watched watched : answer.watched()) {
            WatchedJson.write(watched, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("findings");
        for (Finding finding : answer.findings()) {
            FindingJson.write(finding, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("alerts");
        for (Alert alert : answer.alerts()) {
            AlertJson.write(alert, json);
        }
        json.writeEndArray();
        gaps();
        others();
        json.writeEndObject();
    }

    private void input() throws IOException {
        Input input = answer.input();
        json.writeObjectFieldStart("input");
        json.writeArrayFieldStart("files");
        for (InputFile file : input.files()) {
            json.writeStartObject();
            Json.string(json, "path", file.path());
            json.writeNumberField("packets", file.packets());
            json.writeNumberField("bytes", file.bytes());
            Json.number(json, "truncated_at", file.truncatedAt());
            Json.string(json, "error", file.error());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (input.live()) {
            interfaces(input.interfaces());
        }
        if (!input.logs().isEmpty()) {
            CauseJson.logs(input.logs(), json);
        }
        if (!input.pullLimits().isEmpty()) {
            json.writeArrayFieldStart("pull_limits");
            for (PullLimit limit : input.pullLimits()) {
                PullLimitText.write(limit, json);
            }
            json.writeEndArray();
        }
        Json.time(json, "first", input.firstNanos());
        Json.time(json, "last", input.lastNanos());
        json.writeArrayFieldStart("inside");
        for (String network : input.inside()) {
            Json.text(json, network);
        }
        json.writeEndArray();
        json.writeBooleanField("inside_guessed", input.insideGuessed());
        json.writeEndObject();
    }

    private void interfaces(List<InputInterface> interfaces) throws IOException {
        json.writeArrayFieldStart("interfaces");
        for (InputInterface from : interfaces) {
            json.writeStartObject();
            Json.string(json, "name", from.name());
            Json.string(json, "vantage", from.vantage());
            json.writeNumberField("received", from.received());
            json.writeNumberField("dropped", from.dropped());
            Json.string(json, "engine", from.engine());
            Json.string(json, "owner_method", from.ownerMethod().isEmpty() ? null : from.ownerMethod());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void gaps() throws IOException {
        EvidenceGaps gaps = answer.gaps();
        json.writeObjectFieldStart("evidence_gaps");
        GapsJson.write(gaps, json);
        Coverage owners = gaps.owners();
        json.writeNumberField("unattributed", owners.isEmpty() ? watchedConnections() : owners.unattributed());
        if (!owners.isEmpty()) {
            json.writeObjectFieldStart("attributed");
            Json.counts(json, "exact", owners.exact());
            Json.counts(json, "inferred", owners.inferred());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /** In captures from files the process is not known of any of them. */
    private long watchedConnections() {
        long connections = 0;
        for (Watched watched : answer.watched()) {
            connections += watched.connections();
        }
        return connections;
    }

    private void others() throws IOException {
        json.writeArrayFieldStart("others");
        for (OtherSource other : answer.others()) {
            json.writeStartObject();
            Json.string(json, "ip", other.ip().toString());
            json.writeNumberField("connections", other.connections());
            json.writeNumberField("failed", other.failed());
            Json.counts(json, "server_names", other.serverNames());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
