// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import com.fasterxml.jackson.core.JsonGenerator;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.OwnerWords;
import egret.capture.origin.Owner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A finding as JSON: the same within the answer and on a line of its own. */
public final class FindingJson {
    private FindingJson() {}

    /** One line without its end: an object with a time and the finding, which tells it from an alert. */
    public static String line(Finding finding, long nanos) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.to(out)) {
            json.writeStartObject();
            Json.time(json, "at", nanos);
            json.writeFieldName("finding");
            write(finding, json);
            json.writeEndObject();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    static void write(Finding finding, JsonGenerator json) throws IOException {
        json.writeStartObject();
        Json.string(json, "severity", finding.severity());
        Json.string(json, "title", finding.title());
        json.writeObjectFieldStart("who");
        Json.string(
                json,
                "source",
                finding.source() == null ? null : finding.source().toString());
        Owner owner = finding.owner();
        Json.string(json, "process", owner == null ? null : OwnerWords.process(owner));
        Json.string(json, "service", service(finding));
        if (owner != null) {
            Json.string(json, "container", OwnerWords.container(owner));
            Json.string(json, "quality", OwnerWords.word(owner.quality()));
        }
        json.writeEndObject();
        Json.time(json, "since", finding.sinceNanos());
        Json.share(json, "share", finding.share());
        Json.string(json, "cause", finding.cause());
        Json.string(json, "stop", finding.stop());
        Json.string(json, "confidence", finding.exact() ? "exact" : "inferred");
        json.writeArrayFieldStart("evidence");
        for (String evidence : finding.evidence()) {
            Json.text(json, evidence);
        }
        json.writeEndArray();
        CauseJson.write(finding, json);
        json.writeEndObject();
    }

    /** Those that a log names tell more than the daemon's own. */
    private static @Nullable String service(Finding finding) {
        int services = finding.culprits().size();
        if (services > 0) {
            return services == 1 ? finding.culprits().get(0).shown() : services + " services";
        }
        Owner owner = finding.owner();
        return owner == null ? null : OwnerWords.service(owner);
    }
}
