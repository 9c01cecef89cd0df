// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import com.fasterxml.jackson.core.JsonGenerator;
import egret.analyzer.inspect.Inspection;
import egret.analyzer.inspect.Inspection.Connect;
import egret.analyzer.inspect.Inspection.Hello;
import egret.analyzer.inspect.Inspection.Requests;
import egret.analyzer.inspect.Inspection.Transport;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** An inspection as one JSON object on one line. Names are added, never changed. */
public final class InspectionJson {
    private InspectionJson() {}

    /** Writes the object and a line feed; leaves {@code out} open. */
    public static void write(Inspection inspection, OutputStream out) throws IOException {
        try (JsonGenerator json = Json.to(out)) {
            write(inspection, json);
        }
        out.write('\n');
    }

    private static void write(Inspection inspection, JsonGenerator json) throws IOException {
        json.writeStartObject();
        Json.string(json, "file", inspection.file());
        json.writeNumberField("packets", inspection.packets());
        json.writeNumberField("connections", inspection.connections());
        Json.byAddress(json, "connections_by_src", inspection.connectionsBySource());
        json.writeArrayFieldStart("hellos");
        for (Hello hello : inspection.hellos()) {
            hello(hello, json);
        }
        json.writeEndArray();
        connects("connects", inspection.connects(), json);
        connects("socks", inspection.socks(), json);
        json.writeObjectFieldStart("dns");
        json.writeNumberField("a", inspection.dns().a());
        json.writeNumberField("aaaa", inspection.dns().aaaa());
        json.writeEndObject();
        json.writeArrayFieldStart("requests");
        for (Requests requests : inspection.requests()) {
            requests(requests, json);
        }
        json.writeEndArray();
        json.writeNumberField("copies", inspection.copies());
        json.writeObjectFieldStart("evidence_gaps");
        GapsJson.write(inspection.gaps(), json);
        json.writeEndObject();
        Json.number(json, "truncated_at", inspection.truncatedAt());
        Json.string(json, "error", inspection.error());
        json.writeEndObject();
    }

    private static void connects(String name, List<Connect> connects, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (Connect connect : connects) {
            connect(connect, json);
        }
        json.writeEndArray();
    }

    private static void hello(Hello hello, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("transport", hello.transport() == Transport.TCP ? "tcp" : "quic");
        Json.string(json, "src", hello.source().toString());
        json.writeNumberField("sport", hello.sourcePort());
        Json.string(json, "dst", hello.destination().toString());
        json.writeNumberField("dport", hello.destinationPort());
        Json.string(json, "sni", hello.serverName());
        json.writeArrayFieldStart("alpn");
        for (String protocol : hello.alpn()) {
            Json.text(json, protocol);
        }
        json.writeEndArray();
        Json.string(json, "ja3", hello.ja3());
        Json.string(json, "ja4", hello.ja4());
        Json.string(json, "random", hello.random());
        json.writeBooleanField("ech", hello.ech());
        json.writeBooleanField("cut", hello.cut());
        json.writeNumberField("packet", hello.packet());
        Json.time(json, "time", hello.timeNanos());
        json.writeEndObject();
    }

    private static void connect(Connect connect, JsonGenerator json) throws IOException {
        json.writeStartObject();
        Json.string(json, "src", connect.source().toString());
        json.writeNumberField("sport", connect.sourcePort());
        Json.string(json, "dst", connect.destination().toString());
        json.writeNumberField("dport", connect.destinationPort());
        Json.string(json, "target", connect.target());
        json.writeNumberField("packet", connect.packet());
        Json.time(json, "time", connect.timeNanos());
        json.writeEndObject();
    }

    private static void requests(Requests requests, JsonGenerator json) throws IOException {
        json.writeStartObject();
        Json.string(json, "src", requests.source().toString());
        json.writeNumberField("sport", requests.sourcePort());
        Json.string(json, "dst", requests.destination().toString());
        json.writeNumberField("dport", requests.destinationPort());
        Json.string(json, "alpn_chosen", requests.alpnChosen());
        json.writeNumberField("estimate", requests.requests().count());
        json.writeNumberField("low", requests.requests().low());
        json.writeNumberField("high", requests.requests().high());
        Json.string(json, "basis", Figures.basis(requests.requests().basis()));
        json.writeEndObject();
    }
}
