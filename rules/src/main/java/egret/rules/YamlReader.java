// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import egret.rules.YamlNode.Entry;
import egret.rules.YamlNode.Mapping;
import egret.rules.YamlNode.Place;
import egret.rules.YamlNode.Scalar;
import egret.rules.YamlNode.Sequence;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Builds a tree with places from a YAML text, over Jackson's tokens: binding to objects costs more than the rest of the
 * start, and has lost the places. Anchors, aliases and tags are refused, so a tree is never larger than its text.
 */
final class YamlReader {
    private static final int DEEPEST = 16;
    private static final int LONGEST_MESSAGE = 200;

    private final String file;
    private final Problems problems;
    private final JsonParser parser;
    private final @Nullable YAMLParser yaml; // the same, if it is one
    private boolean tooDeep;

    private YamlReader(String file, Problems problems, JsonParser parser, @Nullable YAMLParser yaml) {
        this.file = file;
        this.problems = problems;
        this.parser = parser;
        this.yaml = yaml;
    }

    /**
     * As {@link #read}, for the flow style that our own files are written in: that is JSON with YAML's comments, keys
     * without quotes and commas at the end, so that Jackson's JSON parser reads it, in a third of the YAML parser's
     * time at a cold start. A test holds that both see the same.
     */
    static @Nullable YamlNode readFlow(String file, String text, Problems problems) {
        JsonFactory factory = JsonFactory.builder()
                .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
                .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
                .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                .build();
        try (JsonParser parser = factory.createParser(text)) {
            return new YamlReader(file, problems, parser, null).document();
        } catch (JsonProcessingException e) {
            broken(file, e, problems);
            return null;
        } catch (IOException e) {
            throw new AssertionError("reading from memory", e);
        }
    }

    /** The document as a tree, null if it is empty or its structure is broken (then that is a problem). */
    static @Nullable YamlNode read(String file, String text, Problems problems) {
        try (YAMLParser parser = new YAMLFactory().createParser(new StringReader(text))) {
            return new YamlReader(file, problems, parser, parser).document();
        } catch (JsonProcessingException e) {
            broken(file, e, problems);
            return null;
        } catch (IOException e) {
            throw new AssertionError("reading from memory", e);
        }
    }

    /** Jackson's place is that of the last token; SnakeYAML, which it stands on, knows where it stumbled. */
    private static void broken(String file, JsonProcessingException e, Problems problems) {
        if (e.getCause() instanceof MarkedYAMLException cause && cause.getProblemMark() != null) {
            Mark at = cause.getProblemMark();
            String wrong = cause.getProblem() == null ? cause.getContext() : cause.getProblem();
            problems.add(
                    new Place(file, at.getLine() + 1, at.getColumn() + 1),
                    "",
                    "not YAML: " + Problems.shown(wrong, LONGEST_MESSAGE),
                    "");
            return;
        }
        JsonLocation at = e.getLocation();
        boolean known = at != null && at.getLineNr() > 0;
        Place place = new Place(file, known ? at.getLineNr() : 1, known ? Math.max(1, at.getColumnNr()) : 1);
        problems.add(place, "", "not YAML: " + Problems.shown(e.getOriginalMessage(), LONGEST_MESSAGE), "");
    }

    private @Nullable YamlNode document() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            return null;
        }
        YamlNode node = node(token, "", 1);
        if (tooDeep) {
            return null;
        }
        if (parser.nextToken() != null) {
            problems.add(place(), "", "a second document", "a rules file is one document");
        }
        return node;
    }

    private @Nullable YamlNode node(JsonToken token, String path, int depth) throws IOException {
        Place place = place();
        if (depth > DEEPEST) {
            problems.add(place, path, "nested deeper than " + DEEPEST + " levels", "");
            tooDeep = true;
            return null;
        }
        if (yaml != null) {
            refuseReferences(yaml, place, path);
        }
        return switch (token) {
            case START_OBJECT -> mapping(place, path, depth);
            case START_ARRAY -> sequence(place, path, depth);
            case VALUE_NULL -> new Scalar(place, "");
            default -> new Scalar(place, parser.getText());
        };
    }

    private void refuseReferences(YAMLParser at, Place place, String path) throws IOException {
        if (at.isCurrentAlias() || at.getObjectId() != null) {
            problems.add(
                    place,
                    path,
                    at.isCurrentAlias() ? "an alias (*…)" : "an anchor (&…)",
                    "write the value out, and a value that begins with * or & in quotes");
        } else if (at.getTypeId() != null) {
            problems.add(place, path, "a tag (!…)", "a value that begins with ! must stand in quotes");
        }
    }

    private @Nullable YamlNode mapping(Place place, String path, int depth) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            Place keyPlace = place();
            String key = parser.currentName();
            String keyPath = path.isEmpty() ? key : path + "." + key;
            boolean repeated = !keys.add(key);
            YamlNode value = node(parser.nextToken(), keyPath, depth + 1);
            if (value == null) {
                return null;
            }
            if (repeated) {
                problems.add(keyPlace, keyPath, "the key is given twice", "");
            } else {
                entries.add(new Entry(keyPlace, key, value));
            }
        }
        return new Mapping(place, entries);
    }

    private @Nullable YamlNode sequence(Place place, String path, int depth) throws IOException {
        List<YamlNode> items = new ArrayList<>();
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            YamlNode item = node(token, path + "[" + items.size() + "]", depth + 1);
            if (item == null) {
                return null;
            }
            items.add(item);
            token = parser.nextToken();
        }
        return new Sequence(place, items);
    }

    private Place place() {
        JsonLocation at = parser.currentTokenLocation();
        return new Place(file, Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
    }
}
