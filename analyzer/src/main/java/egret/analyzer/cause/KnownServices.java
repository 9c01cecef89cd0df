// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import egret.capture.evidence.Evidence;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and images of services by their ids, whoever told them: a manager knows those of tasks that fail on workers. */
final class KnownServices {
    static final int MOST = 16_384;

    private final Map<String, Evidence> known = new LinkedHashMap<>();
    private long shed;

    /** One that tells the image too goes before one that does not. */
    void add(Evidence evidence) {
        Evidence before = known.get(evidence.service());
        if (before == null && known.size() >= MOST) {
            shed++;
        } else if (before == null
                || before.image().isEmpty()
                || !evidence.image().isEmpty()) {
            known.put(evidence.service(), evidence);
        }
    }

    /** Told of services that found no room. */
    long shed() {
        return shed;
    }

    @Nullable
    Evidence of(String service) {
        return known.get(service);
    }
}
