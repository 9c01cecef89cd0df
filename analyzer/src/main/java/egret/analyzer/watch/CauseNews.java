// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Culprit;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which findings name services that were not named before: each is told once, and again when it names others, but not more
 * often than every {@value #REST_SECONDS} s, as the first seconds of an incident change it. Holds no more than the list it was
 * last given.
 */
public final class CauseNews {
    static final int REST_SECONDS = 10;
    private static final long REST_NANOS = REST_SECONDS * 1_000_000_000L;

    /** @param number of the source's findings, from 0: it has one for each endpoint */
    private record Name(@Nullable IpAddress source, int number) {}

    private record Told(@Nullable String pattern, Set<String> services, long atNanos) {}

    private Map<Name, Told> known = new HashMap<>();

    /** @param nowNanos time of the findings */
    public List<Finding> since(List<Finding> findings, long nowNanos) {
        List<Finding> news = new ArrayList<>();
        Map<Name, Told> now = new HashMap<>();
        Map<@Nullable IpAddress, Integer> numbers = new HashMap<>();
        for (Finding finding : findings) {
            if (finding.cause() == null || finding.culprits().isEmpty()) {
                continue;
            }
            int number = numbers.merge(finding.source(), 1, Integer::sum) - 1;
            Name name = new Name(finding.source(), number);
            Told before = known.get(name);
            Told told = new Told(finding.pattern(), services(finding), nowNanos);
            if (before == null || (differs(before, told) && nowNanos - before.atNanos >= REST_NANOS)) {
                news.add(finding);
                now.put(name, told);
            } else {
                now.put(name, before);
            }
        }
        known = now;
        return news;
    }

    private static boolean differs(Told before, Told told) {
        return !told.services.equals(before.services) || !Objects.equals(told.pattern, before.pattern);
    }

    private static Set<String> services(Finding finding) {
        Set<String> services = new HashSet<>();
        for (Culprit culprit : finding.culprits()) {
            services.add(culprit.service().isEmpty() ? culprit.image() : culprit.service());
        }
        return services;
    }
}
