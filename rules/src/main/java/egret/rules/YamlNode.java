// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.util.List;

/** A piece of a YAML document with its place in the file. */
sealed interface YamlNode {
    Place place();

    /**
     * Where it begins.
     *
     * @param line from 1
     * @param column from 1
     */
    record Place(String file, int line, int column) {}

    /** @param text "" also for a key without a value */
    record Scalar(Place place, String text) implements YamlNode {}

    record Sequence(Place place, List<YamlNode> items) implements YamlNode {}

    record Mapping(Place place, List<Entry> entries) implements YamlNode {}

    /** @param place of the key */
    record Entry(Place place, String key, YamlNode value) {}

    /** What it is, in words for people. */
    default String kind() {
        if (this instanceof Sequence) {
            return "a list";
        }
        return this instanceof Mapping ? "a mapping" : "a value";
    }
}
