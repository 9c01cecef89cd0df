// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import egret.analyzer.answer.Answer.Cadence;
import egret.analyzer.answer.Answer.Client;
import egret.analyzer.answer.Answer.OwnerCount;
import egret.analyzer.answer.Answer.PacketReference;
import egret.analyzer.answer.Answer.Peak;
import egret.analyzer.answer.Answer.Percentiles;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Window;
import egret.capture.count.Basis;
import egret.capture.count.RequestCount;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pieces of the answers that tests render. */
final class AnswerParts {
    private static final long START = Answers.START;
    private static final long NANOS = 1_000_000_000L;
    private static final Percentiles NOTHING = new Percentiles(0, 0, 0, 0, 0);

    private AnswerParts() {}

    static Source source(
            String ip,
            @Nullable String name,
            double share,
            RequestCount requests,
            long connections,
            long failed,
            @Nullable Cadence cadence,
            List<Long> perSecond) {
        return new Source(
                address(ip),
                name,
                List.of(address("203.0.113.5")),
                share,
                share,
                connections,
                failed,
                requests,
                requests.count() / 4,
                requests.count() * 1_800,
                requests.count() * 5_200,
                new Peak(requests.count() / 2, (START + 100) * NANOS, 60, false),
                (START + 1) * NANOS,
                (START + 178) * NANOS,
                cadence == null ? null : (START + 20) * NANOS,
                Map.of("registry-1.docker.io", connections / 2, "auth.docker.io", connections - connections / 2),
                cadence,
                new Percentiles(180, 3, 200, 228, 235),
                new Percentiles(connections, 2_700, 9_000, 14_000, 1_000_000),
                new Percentiles(connections, 14_200, 15_000, 31_000, 90_000),
                List.of(new Client("dockerd ≤ 28", "t13d1312h1_f57a46bbacb6_ef7df7f74e48", connections)),
                List.of(),
                List.of(new PacketReference(0, 12), new PacketReference(0, 15), new PacketReference(1, 19)),
                perSecond,
                List.of(),
                cadence == null,
                List.of(new Window(10, 0, requests.count() / 10, (START + 90) * NANOS)));
    }

    /** The same source with owners. */
    static Source owned(Source source, List<OwnerCount> owners) {
        return new Source(
                source.ip(),
                source.name(),
                source.egress(),
                source.share(),
                source.peakShare(),
                source.connections(),
                source.failed(),
                source.requests(),
                source.pulls(),
                source.bytesUp(),
                source.bytesDown(),
                source.peak(),
                source.firstNanos(),
                source.lastNanos(),
                source.onsetNanos(),
                source.serverNames(),
                source.cadence(),
                source.perSecond(),
                source.gapMicros(),
                source.handshakeMicros(),
                source.clients(),
                owners,
                source.packets(),
                source.requestsPerSecond(),
                source.recent(),
                source.onsetAtStart(),
                source.windows());
    }

    /** Slow for 20 s, then up to the peak and half way down again. */
    static List<Long> wave(int seconds, long peak) {
        List<Long> wave = new ArrayList<>(seconds);
        for (int second = 0; second < seconds; second++) {
            wave.add(
                    second < 20
                            ? peak / 100
                            : second < 100 ? peak * (second - 20) / 80 : peak - peak * (second - 100) / 160);
        }
        return wave;
    }

    static RequestCount exact(long count) {
        return new RequestCount(count, count, count, Basis.EXACT);
    }

    static IpAddress address(String text) {
        IpAddress address = IpAddress.parse(text);
        if (address == null) {
            throw new IllegalArgumentException(text);
        }
        return address;
    }
}
