// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import egret.rules.YamlNode.Entry;
import egret.rules.YamlNode.Mapping;
import egret.rules.YamlNode.Scalar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads rules: a file's endpoints and thresholds, laid by key over the built-in ones of equal name or id. */
final class RulesFile {
    private static final String BUILTIN = "rules.yaml";

    private final Problems problems = new Problems();
    private final Map<String, Item> endpoints = new LinkedHashMap<>();
    private final Map<String, Item> thresholds = new LinkedHashMap<>();

    /** One endpoint or threshold, as it stands in its file. */
    record Item(String path, Mapping mapping) {}

    private RulesFile() {}

    static Rules builtin() {
        RulesFile rules = new RulesFile();
        try {
            rules.layBuiltin();
            return rules.build();
        } catch (RulesException e) {
            throw new IllegalStateException("the built-in rules are broken", e);
        }
    }

    static Rules read(Path file) throws RulesException, IOException {
        Problems problems = new Problems();
        String text = RulesSource.read(file, problems);
        problems.check();
        return parse(file.toString(), text);
    }

    static Rules parse(String file, String text) throws RulesException {
        RulesFile rules = new RulesFile();
        RulesSource.checkSize(file, text.length(), rules.problems);
        rules.problems.check();
        YamlNode root = YamlReader.read(file, text, rules.problems);
        if (root == null) {
            rules.problems.check();
            rules.layBuiltin(); // an empty file adds nothing
            return rules.build();
        }
        Keys keys = Keys.of(rules.problems, root, "", "builtin", "endpoints", "thresholds");
        if (keys.yes("builtin", true)) {
            rules.layBuiltin();
        }
        rules.lay(keys);
        return rules.build();
    }

    private void layBuiltin() {
        YamlNode root = YamlReader.readFlow("built-in " + BUILTIN, RulesSource.resource(BUILTIN), problems);
        if (root != null) {
            lay(Keys.of(problems, root, "", "endpoints", "thresholds"));
        }
    }

    private void lay(Keys keys) {
        lay(keys, "endpoints", "name", endpoints);
        lay(keys, "thresholds", "id", thresholds);
    }

    private void lay(Keys keys, String list, String key, Map<String, Item> items) {
        Map<String, Integer> lines = new HashMap<>();
        List<YamlNode> nodes = keys.items(list);
        for (int i = 0; i < nodes.size(); i++) {
            String path = list + "[" + i + "]";
            if (!(nodes.get(i) instanceof Mapping mapping)) {
                problems.add(nodes.get(i).place(), path, nodes.get(i).kind() + " where a mapping is needed", "");
                continue;
            }
            Entry entry = entry(mapping, key);
            if (entry == null || !(entry.value() instanceof Scalar scalar)) {
                items.put(path + mapping.place(), new Item(path, mapping)); // its reader reports the missing key
                continue;
            }
            Integer line = lines.putIfAbsent(scalar.text(), scalar.place().line());
            if (line != null) {
                problems.add(
                        scalar.place(),
                        path + "." + key,
                        Problems.quote(scalar.text()) + " is given twice, first in line " + line,
                        "");
                continue;
            }
            Item below = items.get(scalar.text());
            items.put(scalar.text(), new Item(path, below == null ? mapping : laid(mapping, below.mapping())));
        }
    }

    /** The keys of both, those of {@code over} first; of a mapping within, such as the limits, again by key. */
    private static Mapping laid(Mapping over, Mapping under) {
        List<Entry> entries =
                new ArrayList<>(over.entries().size() + under.entries().size());
        for (Entry entry : over.entries()) {
            Entry below = entry(under, entry.key());
            boolean both = below != null && entry.value() instanceof Mapping && below.value() instanceof Mapping;
            entries.add(
                    both && below != null
                            ? new Entry(
                                    entry.place(), entry.key(), laid((Mapping) entry.value(), (Mapping) below.value()))
                            : entry);
        }
        for (Entry entry : under.entries()) {
            if (entry(over, entry.key()) == null) {
                entries.add(entry);
            }
        }
        return new Mapping(over.place(), entries);
    }

    private static @Nullable Entry entry(Mapping mapping, String key) {
        for (Entry entry : mapping.entries()) {
            if (entry.key().equals(key)) {
                return entry;
            }
        }
        return null;
    }

    private Rules build() throws RulesException {
        EndpointReader endpointReader = new EndpointReader(problems);
        Map<String, Endpoint> byName = new LinkedHashMap<>();
        for (Item item : endpoints.values()) {
            Endpoint endpoint = endpointReader.read(item);
            byName.put(endpoint.name(), endpoint);
        }
        ThresholdReader thresholdReader = new ThresholdReader(problems, byName);
        List<Threshold> read = new ArrayList<>(thresholds.size());
        for (Item item : thresholds.values()) {
            Threshold threshold = thresholdReader.read(item);
            if (threshold != null) {
                read.add(threshold);
            }
        }
        problems.check();
        return new Rules(new ArrayList<>(byName.values()), read);
    }
}
