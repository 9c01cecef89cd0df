// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import egret.rules.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads client fingerprints, as strictly as rules. */
final class ClientsFile {
    private static final String BUILTIN = "clients.yaml";
    private static final int LONGEST_LABEL = 60;
    private static final String[] EVIDENCE = {"measured", "predicted"};

    private ClientsFile() {}

    static Clients builtin() {
        try {
            Problems problems = new Problems();
            String file = "built-in " + BUILTIN;
            return build(YamlReader.readFlow(file, RulesSource.resource(BUILTIN), problems), problems);
        } catch (RulesException e) {
            throw new IllegalStateException("the built-in clients are broken", e);
        }
    }

    static Clients parse(String file, String text) throws RulesException {
        Problems problems = new Problems();
        return build(YamlReader.read(file, text, problems), problems);
    }

    private static Clients build(@Nullable YamlNode root, Problems problems) throws RulesException {
        problems.check();
        List<ClientFingerprint> fingerprints = new ArrayList<>();
        if (root != null) {
            Keys keys = Keys.of(problems, root, "", "clients");
            List<YamlNode> items = keys.items("clients");
            for (int i = 0; i < items.size(); i++) {
                fingerprints.add(fingerprint(problems, items.get(i), "clients[" + i + "]"));
            }
        }
        problems.check();
        return new Clients(fingerprints);
    }

    private static ClientFingerprint fingerprint(Problems problems, YamlNode node, String path) {
        Keys keys = Keys.of(
                problems,
                node,
                path,
                "label",
                "ja4",
                "alpn",
                "supported-versions",
                "hello-less-name",
                "server-names",
                "one-request-per-connection",
                "checks-first",
                "evidence");
        if (keys.entry("label") == null) {
            keys.problem("label", "the key is missing", "a text for people");
        }
        Client client = new Client(
                keys.prose("label", LONGEST_LABEL, ""),
                keys.yes("one-request-per-connection", false),
                keys.yes("checks-first", false),
                keys.choice("evidence", true, EVIDENCE) == 0);
        List<String> ja4 = new ArrayList<>();
        for (Scalar value : keys.values("ja4")) {
            if (!isJa4(value.text())) {
                problems.add(
                        value.place(),
                        keys.path("ja4"),
                        Problems.quote(value.text()) + " is no JA4",
                        "such as t13d110900_cafd58515627_97f8aa674fd9");
            }
            ja4.add(value.text());
        }
        if (keys.entry("ja4") == null) {
            keys.problem("ja4", "the key is missing", "a list of JA4");
        }
        String alpn = keys.text("alpn");
        List<Integer> lengths = new ArrayList<>();
        for (Scalar value : keys.values("hello-less-name")) {
            long length = Words.number(value.text());
            if (length < 1 || length > 1 << 16) {
                problems.add(
                        value.place(),
                        keys.path("hello-less-name"),
                        Problems.quote(value.text()) + " is no length",
                        "a whole number from 1 to 65536");
            }
            lengths.add((int) length);
        }
        List<String> serverNames = new ArrayList<>();
        for (Scalar value : keys.values("server-names")) {
            serverNames.add(value.text().toLowerCase(Locale.ROOT));
        }
        return new ClientFingerprint(
                client,
                List.copyOf(ja4),
                "none".equals(alpn) ? "" : alpn,
                keys.number("supported-versions", 1, 127, 0),
                List.copyOf(lengths),
                List.copyOf(serverNames));
    }

    /** Ten characters, twelve of hex, twelve of hex (FoxIO's JA4 for TLS clients). */
    private static boolean isJa4(String text) {
        if (text.length() != 36 || text.charAt(10) != '_' || text.charAt(23) != '_') {
            return false;
        }
        for (int i = 11; i < 36; i++) {
            char c = text.charAt(i);
            if (i != 23 && (c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }
}
