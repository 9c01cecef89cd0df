// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import com.fasterxml.jackson.core.JsonGenerator;
import egret.analyzer.answer.Answer.OwnerCount;
import egret.analyzer.answer.OwnerWords;
import egret.capture.origin.Owner;
import egret.capture.origin.Owner.Container;
import egret.capture.origin.Owner.OwnerProcess;
import egret.capture.origin.Owner.Service;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The owners of a source's connections. What is null was not known. */
final class OwnersJson {
    private OwnersJson() {}

    static void write(List<OwnerCount> owners, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("owners");
        for (OwnerCount count : owners) {
            json.writeStartObject();
            Owner owner = count.owner() == null ? Owner.UNKNOWN : count.owner();
            describe(owner, count.owner() == null ? count.owners() : owner.processes(), json);
            json.writeNumberField("connections", count.connections());
            Json.requests(json, count.requests());
            json.writeStringField("quality", OwnerWords.word(owner.quality()));
            Json.string(json, "method", owner.method().isEmpty() ? null : owner.method());
            if (count.owner() == null) {
                Json.string(json, "name", "others"); // as of the sources that are too many
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void describe(Owner owner, long processes, JsonGenerator json) throws IOException {
        process(owner.process(), json);
        json.writeNumberField("processes", processes);
        container(owner.container(), json);
        service(owner.service(), json);
    }

    private static void process(@Nullable OwnerProcess process, JsonGenerator json) throws IOException {
        if (process == null) {
            json.writeNullField("process");
            return;
        }
        json.writeObjectFieldStart("process");
        json.writeNumberField("pid", process.pid());
        Json.string(json, "executable", process.executable());
        Json.string(json, "command_line", process.commandLine().isEmpty() ? null : process.commandLine());
        Json.string(json, "user", process.user().isEmpty() ? null : process.user());
        Json.time(json, "started", process.startNanos());
        json.writeArrayFieldStart("parents");
        for (String parent : process.parents()) {
            Json.text(json, parent);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void container(@Nullable Container container, JsonGenerator json) throws IOException {
        if (container == null) {
            json.writeNullField("container");
            return;
        }
        json.writeObjectFieldStart("container");
        Json.string(json, "id", container.id());
        Json.string(json, "name", container.name().isEmpty() ? null : container.name());
        Json.string(json, "image", container.image().isEmpty() ? null : container.image());
        Json.string(json, "runtime", container.runtime());
        json.writeEndObject();
    }

    private static void service(@Nullable Service service, JsonGenerator json) throws IOException {
        if (service == null) {
            json.writeNullField("service");
            return;
        }
        json.writeObjectFieldStart("service");
        Json.string(json, "kind", service.kind());
        Json.string(json, "group", service.group().isEmpty() ? null : service.group());
        Json.string(json, "name", service.name());
        json.writeEndObject();
    }
}
