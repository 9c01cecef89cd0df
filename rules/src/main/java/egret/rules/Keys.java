// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import egret.rules.YamlNode.Entry;
import egret.rules.YamlNode.Mapping;
import egret.rules.YamlNode.Place;
import egret.rules.YamlNode.Scalar;
import egret.rules.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one mapping, read strictly: a key that is not allowed and a value that is not of its kind is a problem,
 * and the reader of it then gets null or the default, and goes on.
 */
final class Keys {
    private final Problems problems;
    private final Place place;
    private final String path;
    private final List<Entry> entries;

    private Keys(Problems problems, Place place, String path, List<Entry> entries) {
        this.problems = problems;
        this.place = place;
        this.path = path;
        this.entries = entries;
    }

    /** The keys of a mapping; none, and a problem, if the node is not one. */
    static Keys of(Problems problems, YamlNode node, String path, String... allowed) {
        if (!(node instanceof Mapping mapping)) {
            problems.add(
                    node.place(), path, node.kind() + " where a mapping is needed", "keys: " + Words.list(allowed));
            return new Keys(problems, node.place(), path, List.of());
        }
        Keys keys = new Keys(problems, mapping.place(), path, mapping.entries());
        for (Entry entry : mapping.entries()) {
            if (!Words.contains(allowed, entry.key())) {
                problems.add(
                        entry.place(),
                        keys.path(entry.key()),
                        "unknown key",
                        Words.didYouMean(entry.key(), allowed) + "allowed: " + Words.list(allowed));
            }
        }
        return keys;
    }

    String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    Place place() {
        return place;
    }

    @Nullable
    Entry entry(String key) {
        for (Entry entry : entries) {
            if (entry.key().equals(key)) {
                return entry;
            }
        }
        return null;
    }

    Place place(String key) {
        Entry entry = entry(key);
        return entry == null ? place : entry.value().place();
    }

    void problem(String key, String wrong, String allowed) {
        problems.add(place(key), path(key), wrong, allowed);
    }

    /** The text of a value, null if it is absent, and null and a problem if it is empty or not a single value. */
    @Nullable
    String text(String key) {
        Entry entry = entry(key);
        return entry == null ? null : text(entry.value(), path(key));
    }

    private @Nullable String text(YamlNode node, String textPath) {
        if (!(node instanceof Scalar scalar)) {
            problems.add(node.place(), textPath, node.kind() + " where a value is needed", "");
            return null;
        }
        if (scalar.text().isEmpty()) {
            problems.add(node.place(), textPath, "the value is missing", "");
            return null;
        }
        return scalar.text();
    }

    /** As {@link #text}, and a problem if it is absent. */
    @Nullable
    String needed(String key, String allowed) {
        if (entry(key) == null) {
            problems.add(place, path(key), "the key is missing", allowed);
            return null;
        }
        return text(key);
    }

    /** A text for people: one line or more, bounded, without characters that drive a terminal. */
    String prose(String key, int longest, String otherwise) {
        String text = text(key);
        if (text == null) {
            return otherwise;
        }
        String trimmed = text.strip();
        if (trimmed.length() > longest) {
            problem(key, "longer than " + longest + " characters", "");
            return otherwise;
        }
        for (int i = 0; i < trimmed.length(); i++) {
            if (trimmed.charAt(i) != '\n' && Problems.isControl(trimmed.charAt(i))) {
                problem(key, "a control character", "");
                return otherwise;
            }
        }
        return trimmed;
    }

    /** A whole number, with _ between digits if wanted. */
    int number(String key, int least, int most, int otherwise) {
        String text = text(key);
        if (text == null) {
            return otherwise;
        }
        long number = Words.number(text);
        if (number < least || number > most) {
            problem(key, Problems.quote(text) + " is not right", "a whole number from " + least + " to " + most);
            return otherwise;
        }
        return (int) number;
    }

    boolean yes(String key, boolean otherwise) {
        String text = text(key);
        if (text == null) {
            return otherwise;
        }
        if (!text.equals("true") && !text.equals("false")) {
            problem(key, Problems.quote(text) + " is not right", "true or false");
            return otherwise;
        }
        return text.equals("true");
    }

    /** A length of time in seconds, 0 if it is absent or wrong. */
    int seconds(String key, boolean needed) {
        String text = needed ? needed(key, Words.DURATION) : text(key);
        if (text == null) {
            return 0;
        }
        int seconds = Words.seconds(text);
        if (seconds == 0) {
            problem(key, Problems.quote(text) + " is no length of time", Words.DURATION);
        }
        return seconds;
    }

    /** Which of the words stands there, -1 if it is absent or none of them. */
    int choice(String key, boolean needed, String... words) {
        String allowed = "allowed: " + Words.list(words);
        String text = needed ? needed(key, allowed) : text(key);
        if (text == null) {
            return -1;
        }
        int index = Words.indexOf(words, text);
        if (index < 0) {
            problem(key, Problems.quote(text) + " is unknown", Words.didYouMean(text, words) + allowed);
        }
        return index;
    }

    /** The items of a list, none if it is absent, none and a problem if it is no list or an empty one. */
    List<YamlNode> items(String key) {
        Entry entry = entry(key);
        if (entry == null) {
            return List.of();
        }
        if (!(entry.value() instanceof Sequence sequence)) {
            problem(key, entry.value().kind() + " where a list is needed", "[…], or one item per line behind a -");
            return List.of();
        }
        if (sequence.items().isEmpty()) {
            problem(key, "an empty list", "leave the key out");
        }
        return sequence.items();
    }

    /** The single values of a list, with their places. */
    List<Scalar> values(String key) {
        List<YamlNode> items = items(key);
        List<Scalar> values = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            if (text(items.get(i), path(key) + "[" + i + "]") != null) {
                values.add((Scalar) items.get(i));
            }
        }
        return values;
    }
}
