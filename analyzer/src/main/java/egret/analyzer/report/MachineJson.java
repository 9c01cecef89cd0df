// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import com.fasterxml.jackson.core.JsonGenerator;
import egret.analyzer.answer.Machine;
import egret.analyzer.answer.Machine.Device;
import egret.analyzer.answer.Machine.Method;
import egret.analyzer.answer.Machine.Missing;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** What can be captured here as one JSON document. */
public final class MachineJson {
    private MachineJson() {}

    /** Writes the document and a line feed; leaves {@code out} open. */
    public static void write(Machine machine, OutputStream out) throws IOException {
        try (JsonGenerator json = Json.to(out)) {
            json.writeStartObject();
            json.writeArrayFieldStart("interfaces");
            for (Device device : machine.interfaces()) {
                device(device, json);
            }
            json.writeEndArray();
            methods("engines", machine.engines(), json);
            methods("owner_methods", machine.owners(), json);
            json.writeArrayFieldStart("missing");
            for (Missing missing : machine.missing()) {
                json.writeStartObject();
                Json.string(json, "what", missing.what());
                Json.string(json, "command", missing.command().isEmpty() ? null : missing.command());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        out.write('\n');
    }

    private static void device(Device device, JsonGenerator json) throws IOException {
        json.writeStartObject();
        Json.string(json, "name", device.name());
        Json.string(json, "state", device.state().isEmpty() ? null : device.state());
        json.writeArrayFieldStart("addresses");
        for (String address : device.addresses()) {
            Json.text(json, address);
        }
        json.writeEndArray();
        Json.string(json, "vantage", device.vantage().isEmpty() ? null : device.vantage());
        json.writeBooleanField("capturable", device.capturable());
        Json.string(json, "note", device.note().isEmpty() ? null : device.note());
        json.writeEndObject();
    }

    private static void methods(String name, List<Method> methods, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (Method method : methods) {
            json.writeStartObject();
            Json.string(json, "name", method.name());
            json.writeBooleanField("works", method.works());
            Json.string(json, "why", method.why().isEmpty() ? null : method.why());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
