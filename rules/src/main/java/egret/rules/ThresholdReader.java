// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads thresholds, and works out those given as a share of a limit. */
final class ThresholdReader {
    private static final String VALUE = "a whole number from 1, or a share of the endpoint's limit such as 80%";
    private static final Measure[] MEASURES = Measure.values();
    private static final Grouping[] GROUPINGS = Grouping.values();
    private static final Severity[] SEVERITIES = Severity.values();
    private static final int MOST_PERCENT = 1_000;

    private final Problems problems;
    private final Map<String, Endpoint> endpoints;
    private final String[] endpointNames;
    private final String[] measures = new String[MEASURES.length];
    private final String[] groupings = new String[GROUPINGS.length];
    private final String[] severities = new String[SEVERITIES.length];

    ThresholdReader(Problems problems, Map<String, Endpoint> endpoints) {
        this.problems = problems;
        this.endpoints = endpoints;
        endpointNames = endpoints.keySet().toArray(new String[0]);
        for (int i = 0; i < measures.length; i++) {
            measures[i] = MEASURES[i].word();
        }
        for (int i = 0; i < groupings.length; i++) {
            groupings[i] = GROUPINGS[i].word();
        }
        for (int i = 0; i < severities.length; i++) {
            severities[i] = SEVERITIES[i].word();
        }
    }

    /** The threshold, null if it has problems. */
    @Nullable
    Threshold read(RulesFile.Item item) {
        Keys keys = Keys.of(
                problems,
                item.mapping(),
                item.path(),
                "id",
                "endpoint",
                "measure",
                "by",
                "window",
                "value",
                "resolve",
                "severity",
                "text");
        String id = EndpointReader.name(keys, "id");
        Endpoint endpoint = endpoint(keys);
        int measure = keys.choice("measure", true, measures);
        int grouping = keys.choice("by", true, groupings);
        int windowSeconds = keys.seconds("window", true);
        int severity = keys.choice("severity", true, severities);
        int resolve = resolve(keys);
        String text = keys.prose("text", EndpointReader.LONGEST_TEXT, "");
        String valueText = keys.needed("value", VALUE);
        if (valueText == null) {
            return null;
        }
        long share = Words.percent(valueText);
        long value = share >= 0 ? -1 : Words.number(valueText);
        if (share > MOST_PERCENT || share == 0 || (share < 0 && value < 1)) {
            keys.problem("value", Problems.quote(valueText) + " is not right", VALUE);
            return null;
        }
        if (endpoint == null || measure < 0 || grouping < 0 || windowSeconds == 0 || severity < 0) {
            return null;
        }
        if (share > 0) {
            Limit limit = endpoint.limitOn(MEASURES[measure]);
            if (limit == null) {
                keys.problem(
                        "value",
                        Problems.quote(valueText) + " of a limit, but " + endpoint.name() + " has none on "
                                + measures[measure],
                        "a whole number from 1");
                return null;
            }
            value = Math.max(1, (long) ((double) limit.within(windowSeconds) * share / 100));
        }
        return new Threshold(
                id,
                endpoint.name(),
                MEASURES[measure],
                GROUPINGS[grouping],
                windowSeconds,
                value,
                (int) Math.max(0, share),
                resolve,
                SEVERITIES[severity],
                text);
    }

    private @Nullable Endpoint endpoint(Keys keys) {
        String name = keys.needed("endpoint", "the name of an endpoint");
        if (name == null) {
            return null;
        }
        Endpoint endpoint = endpoints.get(name);
        if (endpoint == null) {
            keys.problem(
                    "endpoint",
                    "there is no endpoint " + Problems.quote(name),
                    Words.didYouMean(name, endpointNames) + known());
        }
        return endpoint;
    }

    /** The names to choose from, unless they are too many to show. */
    private String known() {
        return endpointNames.length > 20 ? endpointNames.length + " are known" : "known: " + Words.list(endpointNames);
    }

    private int resolve(Keys keys) {
        String text = keys.text("resolve");
        if (text == null) {
            return Threshold.DEFAULT_RESOLVE_PERCENT;
        }
        long percent = Words.percent(text);
        if (percent < 1 || percent > 100) {
            keys.problem("resolve", Problems.quote(text) + " is not right", "a share of the value, from 1% to 100%");
            return Threshold.DEFAULT_RESOLVE_PERCENT;
        }
        return (int) percent;
    }
}
