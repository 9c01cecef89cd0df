// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.capture.count.SourceCounts;
import egret.capture.origin.Owner;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** What was counted in one second, as far as the view shows it. */
public record Beat(long second, List<Part> parts) {
    /** An interval with more rows is shown without the last of them; the answer has them all. */
    static final int MOST_PARTS = 1024;

    /** Of one source, one endpoint, one server name, one client and one owner. */
    public record Part(
            String endpoint,
            IpAddress source,
            String serverName,
            String ja4,
            Owner owner,
            long connections,
            long failed,
            long requests,
            long bytesUp,
            long bytesDown) {}

    public Beat {
        parts = List.copyOf(parts);
    }

    /** An interval of several seconds counts in its last. */
    static Beat of(SourceCounts counts) {
        List<Part> parts = new ArrayList<>();
        for (SourceCounts.Row row : counts.rows()) {
            if (parts.size() == MOST_PARTS) {
                break;
            }
            parts.add(new Part(
                    row.endpoint(),
                    row.source(),
                    row.serverName(),
                    row.ja4(),
                    row.owner(),
                    row.connections(),
                    row.failed(),
                    row.requests().count(),
                    row.bytesUp(),
                    row.bytesDown()));
        }
        return new Beat(counts.startSecond() + Math.max(1, counts.seconds()) - 1, parts);
    }
}
