// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import egret.capture.count.RequestCount;
import egret.rules.IpAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON written as it comes, in ASCII: what is beyond is escaped, so no name from a capture can harm a terminal.
 */
final class Json {
    private static final double SHARE_STEPS = 1e4;

    private Json() {}

    /** Leaves {@code out} open. */
    static JsonGenerator to(OutputStream out) throws IOException {
        return JsonFactory.builder()
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .build()
                .createGenerator(out, JsonEncoding.UTF8)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .setRootValueSeparator(null);
    }

    static void string(JsonGenerator json, String name, @Nullable String value) throws IOException {
        json.writeFieldName(name);
        text(json, value);
    }

    static void text(JsonGenerator json, @Nullable String value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else {
            json.writeString(whole(value));
        }
    }

    /** With the replacement character for each half of a surrogate pair, which readers of JSON refuse. */
    private static String whole(String text) {
        StringBuilder whole = null;
        for (int at = 0; at < text.length(); at++) {
            if (!Character.isSurrogate(text.charAt(at))) {
                continue;
            }
            if (Character.isSurrogatePair(text.charAt(at), at + 1 < text.length() ? text.charAt(at + 1) : ' ')) {
                at++;
                continue;
            }
            whole = whole == null ? new StringBuilder(text) : whole;
            whole.setCharAt(at, '\ufffd');
        }
        return whole == null ? text : whole.toString();
    }

    static void number(JsonGenerator json, String name, @Nullable Long value) throws IOException {
        json.writeFieldName(name);
        if (value == null) {
            json.writeNull();
        } else {
            json.writeNumber(value.longValue());
        }
    }

    /** RFC 3339, null for the time 0, which stands for none. */
    static void time(JsonGenerator json, String name, long nanos) throws IOException {
        string(json, name, nanos == 0 ? null : UtcTime.rfc3339(nanos));
    }

    /** Rounded to four decimals. */
    static void share(JsonGenerator json, String name, double share) throws IOException {
        json.writeNumberField(name, Double.isFinite(share) ? Math.round(share * SHARE_STEPS) / SHARE_STEPS : 0.0);
    }

    static void requests(JsonGenerator json, RequestCount requests) throws IOException {
        json.writeObjectFieldStart("requests");
        json.writeNumberField("count", requests.count());
        json.writeNumberField("low", requests.low());
        json.writeNumberField("high", requests.high());
        json.writeStringField("basis", Figures.basis(requests.basis()));
        json.writeEndObject();
    }

    /** The largest count first. */
    static void counts(JsonGenerator json, String name, Map<String, Long> counts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Counts.Count count : Counts.sorted(counts)) {
            json.writeNumberField(whole(count.name()), count.count());
        }
        json.writeEndObject();
    }

    /** In the order of the addresses. */
    static void byAddress(JsonGenerator json, String name, Map<IpAddress, Long> counts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<IpAddress, Long> entry : new TreeMap<>(counts).entrySet()) {
            json.writeNumberField(entry.getKey().toString(), entry.getValue());
        }
        json.writeEndObject();
    }

    static void numbers(JsonGenerator json, String name, Iterable<Long> numbers) throws IOException {
        json.writeArrayFieldStart(name);
        for (long number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }
}
