// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import com.fasterxml.jackson.core.JsonGenerator;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Top;
import egret.analyzer.answer.OwnerWords;
import egret.capture.origin.Owner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An alert as JSON: the same within the answer and on a line of its own. */
public final class AlertJson {
    private AlertJson() {}

    /** One line without its end. */
    public static String line(Alert alert) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.to(out)) {
            write(alert, json);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    static void write(Alert alert, JsonGenerator json) throws IOException {
        json.writeStartObject();
        Json.string(json, "rule", alert.rule());
        Json.string(json, "endpoint", alert.endpoint());
        Json.string(json, "severity", alert.severity());
        Json.string(json, "state", alert.firing() ? "firing" : "resolved");
        Json.string(json, "group", alert.group());
        Json.time(json, "at", alert.atNanos());
        Long resolved = alert.resolvedNanos();
        Json.time(json, "resolved_at", resolved == null ? 0 : resolved);
        json.writeNumberField("value", alert.value());
        json.writeNumberField("threshold", alert.threshold());
        json.writeNumberField("window_seconds", alert.windowSeconds());
        json.writeArrayFieldStart("top");
        for (Top top : alert.top()) {
            json.writeStartObject();
            Json.string(json, "ip", top.source().toString());
            json.writeNumberField("value", top.value());
            Owner owner = top.owner();
            if (owner != null) {
                Json.string(json, "process", OwnerWords.process(owner));
                Json.string(json, "container", OwnerWords.container(owner));
                Json.string(json, "service", OwnerWords.service(owner));
                Json.string(json, "quality", OwnerWords.word(owner.quality()));
                json.writeNumberField("owner_value", top.ownerValue());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
