// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import com.fasterxml.jackson.core.JsonGenerator;
import egret.capture.count.EvidenceGaps;
import java.io.IOException;

/** The fields of the evidence gaps, the same in an answer and in an inspection. */
final class GapsJson {
    private GapsJson() {}

    /** Into an object that the caller has begun and ends. */
    static void write(EvidenceGaps gaps, JsonGenerator json) throws IOException {
        json.writeNumberField("packets", gaps.packets());
        json.writeNumberField("packets_dropped", gaps.packetsDropped());
        Json.counts(json, "undecodable", gaps.undecodable());
        json.writeNumberField("connections", gaps.connections());
        json.writeNumberField("named", gaps.named());
        json.writeNumberField("mid_stream", gaps.midStream());
        Json.counts(json, "hellos_without_name", gaps.hellosWithoutName());
        json.writeNumberField("connections_without_hello", gaps.withoutHello());
        json.writeNumberField("failed", gaps.failed());
        json.writeNumberField("relayed", gaps.relayed());
        json.writeNumberField("copies", gaps.copies());
        Json.counts(json, "shed", gaps.shed());
    }
}
