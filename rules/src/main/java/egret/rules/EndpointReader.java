// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import egret.rules.YamlNode.Entry;
import egret.rules.YamlNode.Place;
import egret.rules.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads endpoints, and sees that no two of them claim the same names. */
final class EndpointReader {
    private static final String NAME = "a name of a-z, 0-9, . _ and -, up to 64 characters";
    private static final String PATTERN = "a name (host.example), a suffix (.example) or a wildcard (a-*.example)";
    private static final int LONGEST_TITLE = 100;
    static final int LONGEST_TEXT = 1_000;
    private static final Role[] ROLES = Role.values();
    private static final String[] ROLE_WORDS = new String[ROLES.length];

    static {
        for (int i = 0; i < ROLES.length; i++) {
            ROLE_WORDS[i] = ROLES[i].word();
        }
    }

    private final Problems problems;
    private final Map<String, Place> claimed = new HashMap<>();

    EndpointReader(Problems problems) {
        this.problems = problems;
    }

    /** The endpoint, with defaults where it has problems. */
    Endpoint read(RulesFile.Item item) {
        Keys keys = Keys.of(
                problems, item.mapping(), item.path(), "name", "title", "names", "addresses", "ports", "limits");
        String name = name(keys, "name");
        List<NamePattern> names = names(keys);
        List<IpPrefix> addresses = addresses(keys);
        if (keys.entry("names") == null && keys.entry("addresses") == null) {
            problems.add(keys.place(), item.path(), "watches nothing", "names or addresses, or both");
        }
        Limit abuse = null;
        Limit pull = null;
        Entry limits = keys.entry("limits");
        if (limits != null) {
            Keys limitKeys = Keys.of(problems, limits.value(), keys.path("limits"), "abuse", "pull");
            abuse = limit(limitKeys, "abuse", Measure.REQUESTS);
            pull = limit(limitKeys, "pull", Measure.PULLS);
        }
        String title = keys.prose("title", LONGEST_TITLE, name);
        return new Endpoint(name, title, names, addresses, ports(keys), abuse, pull);
    }

    /** A name or id; a unique stand-in if it is wrong, so that what follows can be read on. */
    static String name(Keys keys, String key) {
        String text = keys.needed(key, NAME);
        if (text != null && !isName(text)) {
            keys.problem(key, Problems.quote(text) + " is no name", NAME);
            return text;
        }
        return text == null ? "?" + keys.place() : text;
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && (i == 0 || (c != '-' && c != '_' && c != '.'))) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 64;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private List<NamePattern> names(Keys keys) {
        Entry entry = keys.entry("names");
        if (entry == null) {
            return List.of();
        }
        Keys roles = Keys.of(problems, entry.value(), keys.path("names"), ROLE_WORDS);
        List<NamePattern> names = new ArrayList<>();
        for (Role role : ROLES) {
            List<Scalar> values = roles.values(role.word());
            for (Scalar value : values) {
                String text = value.text().toLowerCase(Locale.ROOT);
                String path = roles.path(role.word());
                String wrong = wrongPattern(text);
                Place other = claimed.putIfAbsent(text, value.place());
                if (wrong != null) {
                    problems.add(value.place(), path, Problems.quote(text) + " " + wrong, PATTERN);
                } else if (other != null) {
                    problems.add(
                            value.place(),
                            path,
                            Problems.quote(text) + " is already watched by " + other.file() + " line " + other.line(),
                            "add to that endpoint by giving its name, or say builtin: false");
                } else {
                    names.add(new NamePattern(text, role));
                }
            }
        }
        return names;
    }

    /** What is wrong with a pattern, null if nothing. */
    private static @Nullable String wrongPattern(String text) {
        if (text.length() > NameIndex.LONGEST_NAME) {
            return "is longer than " + NameIndex.LONGEST_NAME + " characters";
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && c != '-' && c != '_' && c != '.' && c != '*') {
                return "has a character that no server name has";
            }
        }
        if (text.equals(".") || text.endsWith(".") || text.contains("..")) {
            return "has an empty label";
        }
        if (text.indexOf('*') < 0) {
            return null;
        }
        if (text.startsWith(".") || text.contains("**")) {
            return "is no wildcard";
        }
        int lastDot = text.lastIndexOf('.');
        return lastDot < text.lastIndexOf('*') ? "matches too much: the last label must be written out" : null;
    }

    private List<IpPrefix> addresses(Keys keys) {
        List<IpPrefix> addresses = new ArrayList<>();
        for (Scalar value : keys.values("addresses")) {
            IpPrefix prefix = IpPrefix.parse(value.text());
            if (prefix == null) {
                problems.add(
                        value.place(),
                        keys.path("addresses"),
                        Problems.quote(value.text()) + " is no block of addresses",
                        "CIDR, such as 192.0.2.0/24 or 2001:db8::/32");
            } else if (!addresses.contains(prefix)) {
                addresses.add(prefix);
            }
        }
        return addresses;
    }

    private List<Integer> ports(Keys keys) {
        List<Integer> ports = new ArrayList<>();
        for (Scalar value : keys.values("ports")) {
            long port = Words.number(value.text());
            if (port < 1 || port > 65535) {
                problems.add(
                        value.place(),
                        keys.path("ports"),
                        Problems.quote(value.text()) + " is no port",
                        "a whole number from 1 to 65535");
            } else if (!ports.contains((int) port)) {
                ports.add((int) port);
            }
        }
        return ports;
    }

    private @Nullable Limit limit(Keys limits, String kind, Measure measure) {
        Entry entry = limits.entry(kind);
        if (entry == null) {
            return null;
        }
        String word = measure.word();
        Keys keys = measure == Measure.PULLS
                ? Keys.of(problems, entry.value(), limits.path(kind), word, "per", "ipv6-prefix", "note", "check")
                : Keys.of(problems, entry.value(), limits.path(kind), word, "per", "ipv6-prefix", "note");
        String text = keys.needed(word, "how many are granted");
        long count = 1;
        if (text != null) {
            count = Words.number(text);
            if (count < 1) {
                keys.problem(word, Problems.quote(text) + " is not right", "a whole number from 1");
            }
        }
        int seconds = keys.seconds("per", true);
        int prefixLength = keys.number("ipv6-prefix", 1, 128, Limit.DEFAULT_IPV6_PREFIX);
        String note = keys.prose("note", LONGEST_TEXT, "");
        Limit.Check check = check(keys);
        return count < 1 || seconds == 0 ? null : new Limit(measure, count, seconds, prefixLength, note, check);
    }

    private Limit.@Nullable Check check(Keys limit) {
        Entry entry = limit.entry("check");
        if (entry == null) {
            return null;
        }
        Keys keys = Keys.of(problems, entry.value(), limit.path("check"), "token", "manifest");
        String token = url(keys, "token");
        String manifest = url(keys, "manifest");
        return token == null || manifest == null ? null : new Limit.Check(token, manifest);
    }

    private static @Nullable String url(Keys keys, String key) {
        String text = keys.needed(key, WebAddress.ALLOWED);
        if (text != null && !WebAddress.isAllowed(text)) {
            keys.problem(key, Problems.quote(text) + " is not right", WebAddress.ALLOWED);
            return null;
        }
        return text;
    }
}
