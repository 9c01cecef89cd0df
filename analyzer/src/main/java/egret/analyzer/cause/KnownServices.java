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

    /** One that tells the image too goes before one that does not. */
    void add(Evidence evidence) {
        Evidence before = known.get(evidence.service());
        boolean better = before == null
                ? known.size() < MOST
                : before.image().isEmpty() || !evidence.image().isEmpty();
        if (better) {
            known.put(evidence.service(), evidence);
        }
    }

    @Nullable
    Evidence of(String service) {
        return known.get(service);
    }
}
