// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.answer.Answer.Alert;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which alerts are new, and which are over: each is told once. Holds no more than the list it was last given. */
public final class AlertNews {
    private record Name(String rule, String endpoint, String group, long atNanos) {
        static Name of(Alert alert) {
            return new Name(alert.rule(), alert.endpoint(), alert.group(), alert.atNanos());
        }
    }

    /** By name, whether it still fired. */
    private Map<Name, Boolean> known = new HashMap<>();

    /** Of all alerts so far, those that fired or were resolved since the last call; one that did both comes as resolved. */
    public List<Alert> since(List<Alert> alerts) {
        List<Alert> news = new ArrayList<>();
        Map<Name, Boolean> now = new HashMap<>();
        for (Alert alert : alerts) {
            Name name = Name.of(alert);
            Boolean fired = known.get(name);
            if (fired == null || (fired && !alert.firing())) {
                news.add(alert);
            }
            now.put(name, alert.firing());
        }
        known = now;
        return news;
    }
}
