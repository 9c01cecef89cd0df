// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import com.fasterxml.jackson.core.JsonGenerator;
import egret.analyzer.answer.Answer.Cadence;
import egret.analyzer.answer.Answer.Client;
import egret.analyzer.answer.Answer.Egress;
import egret.analyzer.answer.Answer.Limit;
import egret.analyzer.answer.Answer.PacketReference;
import egret.analyzer.answer.Answer.Peak;
import egret.analyzer.answer.Answer.Percentiles;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.answer.Answer.Window;
import egret.rules.IpAddress;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One watched endpoint with its sources, as an element of the answer's {@code watched}. */
final class WatchedJson {
    private WatchedJson() {}

    static void write(Watched watched, JsonGenerator json) throws IOException {
        json.writeStartObject();
        Json.string(json, "endpoint", watched.endpoint());
        json.writeNumberField("connections", watched.connections());
        json.writeNumberField("failed", watched.failed());
        Json.requests(json, watched.requests());
        json.writeNumberField("pulls", watched.pulls());
        peak(watched.peak(), json);
        limit(watched.limit(), json);
        if (!watched.budgets().isEmpty()) {
            BudgetText.write(watched.budgets(), json);
        }
        Json.counts(json, "server_names", watched.serverNames());
        json.writeObjectFieldStart("timeline");
        Json.time(json, "start", watched.timelineStartSecond() * UtcTime.NANOS);
        json.writeNumberField("step_seconds", watched.timelineStepSeconds());
        Json.numbers(json, "requests", watched.requestsPerSecond());
        recent(watched.recent(), json);
        json.writeEndObject();
        egress(watched, json);
        windows(watched.windows(), json);
        json.writeArrayFieldStart("sources");
        for (Source source : watched.sources()) {
            source(source, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** Steps of 5 s, the last of which ends now. */
    private static void recent(List<Long> recent, JsonGenerator json) throws IOException {
        if (!recent.isEmpty()) {
            Json.numbers(json, "recent", recent);
        }
    }

    private static void egress(Watched watched, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("egress");
        for (Egress egress : watched.egress()) {
            json.writeStartObject();
            Json.string(json, "ip", egress.ip() == null ? null : egress.ip().toString());
            json.writeNumberField("connections", egress.connections());
            Json.requests(json, egress.requests());
            peak(egress.peak(), json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void windows(List<Window> windows, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("windows");
        for (Window window : windows) {
            json.writeStartObject();
            json.writeNumberField("seconds", window.seconds());
            json.writeNumberField("now", window.now());
            json.writeNumberField("most", window.most());
            Json.time(json, "most_at", window.mostAtNanos());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void peak(Peak peak, JsonGenerator json) throws IOException {
        json.writeNumberField("peak_per_minute", peak.perMinute());
        Json.time(json, "peak_at", peak.atNanos());
        json.writeNumberField("peak_seconds", peak.seconds());
        json.writeBooleanField("peak_extrapolated", peak.extrapolated());
    }

    private static void limit(@Nullable Limit limit, JsonGenerator json) throws IOException {
        if (limit == null) {
            json.writeNullField("limit");
            return;
        }
        json.writeObjectFieldStart("limit");
        json.writeNumberField("per_minute", limit.perMinute());
        Json.share(json, "used", limit.used());
        json.writeEndObject();
    }

    private static void source(Source source, JsonGenerator json) throws IOException {
        json.writeStartObject();
        Json.string(json, "ip", source.ip().toString());
        Json.string(json, "name", source.name());
        json.writeArrayFieldStart("egress");
        for (IpAddress egress : source.egress()) {
            Json.text(json, egress.toString());
        }
        json.writeEndArray();
        Json.share(json, "share", source.share());
        if (source.peakShare() != source.share()) {
            Json.share(json, "peak_share", source.peakShare());
        }
        json.writeNumberField("connections", source.connections());
        json.writeNumberField("failed", source.failed());
        Json.requests(json, source.requests());
        json.writeNumberField("pulls", source.pulls());
        json.writeNumberField("bytes_up", source.bytesUp());
        json.writeNumberField("bytes_down", source.bytesDown());
        peak(source.peak(), json);
        Json.time(json, "first", source.firstNanos());
        Json.time(json, "last", source.lastNanos());
        Long onset = source.onsetNanos();
        Json.time(json, "onset", onset == null ? 0 : onset);
        json.writeBooleanField("onset_at_start", source.onsetAtStart());
        Json.counts(json, "server_names", source.serverNames());
        cadence(source.cadence(), json);
        percentiles("per_second", source.perSecond(), json);
        percentiles("gap_micros", source.gapMicros(), json);
        percentiles("handshake_micros", source.handshakeMicros(), json);
        clients(source, json);
        if (source.owners().isEmpty()) {
            json.writeArrayFieldStart("owners");
            json.writeEndArray();
        } else {
            OwnersJson.write(source.owners(), json);
        }
        packets(source, json);
        Json.numbers(json, "timeline", source.requestsPerSecond());
        recent(source.recent(), json);
        windows(source.windows(), json);
        json.writeEndObject();
    }

    private static void cadence(@Nullable Cadence cadence, JsonGenerator json) throws IOException {
        if (cadence == null) {
            json.writeNullField("cadence");
            return;
        }
        json.writeObjectFieldStart("cadence");
        Json.share(json, "period_seconds", cadence.periodSeconds());
        json.writeNumberField("loops", cadence.loops());
        Json.share(json, "confidence", cadence.confidence());
        json.writeEndObject();
    }

    private static void percentiles(String name, Percentiles percentiles, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("count", percentiles.count());
        json.writeNumberField("p50", percentiles.p50());
        json.writeNumberField("p90", percentiles.p90());
        json.writeNumberField("p99", percentiles.p99());
        json.writeNumberField("max", percentiles.max());
        json.writeEndObject();
    }

    private static void clients(Source source, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("clients");
        for (Client client : source.clients()) {
            json.writeStartObject();
            Json.string(json, "label", client.label());
            Json.string(json, "ja4", client.ja4());
            json.writeNumberField("connections", client.connections());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Numbers as the contract has them, and beside them for each the index of its file in {@code input.files}. */
    private static void packets(Source source, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("packets");
        for (PacketReference packet : source.packets()) {
            json.writeNumber(packet.number());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("packet_files");
        for (PacketReference packet : source.packets()) {
            json.writeNumber(packet.file());
        }
        json.writeEndArray();
    }
}
