// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import org.jspecify.annotations.Nullable;

/** Writes rules as YAML, every free text in double quotes, and leaves out what is the default. */
final class RulesText {
    private final StringBuilder out = new StringBuilder(8 << 10);

    private RulesText() {}

    static String of(Rules rules) {
        RulesText text = new RulesText();
        text.out.append("builtin: false\n");
        if (!rules.endpoints().isEmpty()) {
            text.out.append("endpoints:\n");
        }
        for (Endpoint endpoint : rules.endpoints()) {
            text.endpoint(endpoint);
        }
        if (!rules.thresholds().isEmpty()) {
            text.out.append("thresholds:\n");
        }
        for (Threshold threshold : rules.thresholds()) {
            text.threshold(threshold);
        }
        return text.out.toString();
    }

    private void endpoint(Endpoint endpoint) {
        line("  - name: ", endpoint.name());
        if (!endpoint.title().equals(endpoint.name())) {
            line("    title: ", quoted(endpoint.title()));
        }
        if (!endpoint.names().isEmpty()) {
            out.append("    names:\n");
            for (Role role : Role.values()) {
                names(endpoint, role);
            }
        }
        if (!endpoint.addresses().isEmpty()) {
            out.append("    addresses:\n");
            for (IpPrefix prefix : endpoint.addresses()) {
                line("      - ", quoted(prefix.toString()));
            }
        }
        if (!endpoint.ports().isEmpty()) {
            out.append("    ports: ").append(endpoint.ports()).append('\n');
        }
        if (endpoint.abuse() != null || endpoint.pull() != null) {
            out.append("    limits:\n");
            limit("abuse", endpoint.abuse());
            limit("pull", endpoint.pull());
        }
    }

    private void names(Endpoint endpoint, Role role) {
        boolean first = true;
        for (NamePattern name : endpoint.names()) {
            if (name.role() == role) {
                if (first) {
                    line("      ", role.word() + ":");
                }
                first = false;
                line("        - ", quoted(name.text()));
            }
        }
    }

    private void limit(String kind, @Nullable Limit limit) {
        if (limit == null) {
            return;
        }
        line("      ", kind + ":");
        line("        " + limit.measure().word() + ": ", Long.toString(limit.count()));
        line("        per: ", Words.duration(limit.windowSeconds()));
        if (limit.ipv6PrefixLength() != Limit.DEFAULT_IPV6_PREFIX) {
            line("        ipv6-prefix: ", Integer.toString(limit.ipv6PrefixLength()));
        }
        if (!limit.note().isEmpty()) {
            line("        note: ", quoted(limit.note()));
        }
        if (limit.check() != null) {
            line("        check:", "");
            line("          token: ", quoted(limit.check().token()));
            line("          manifest: ", quoted(limit.check().manifest()));
        }
    }

    private void threshold(Threshold threshold) {
        line("  - id: ", threshold.id());
        line("    endpoint: ", threshold.endpoint());
        line("    measure: ", threshold.measure().word());
        line("    by: ", threshold.grouping().word());
        line("    window: ", Words.duration(threshold.windowSeconds()));
        line(
                "    value: ",
                threshold.sharePercent() > 0 ? threshold.sharePercent() + "%" : Long.toString(threshold.value()));
        if (threshold.resolvePercent() != Threshold.DEFAULT_RESOLVE_PERCENT) {
            line("    resolve: ", threshold.resolvePercent() + "%");
        }
        line("    severity: ", threshold.severity().word());
        if (!threshold.text().isEmpty()) {
            line("    text: ", quoted(threshold.text()));
        }
    }

    private void line(String key, String value) {
        out.append(key).append(value).append('\n');
    }

    /** The only characters that need an escape: prose has no other control characters. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
