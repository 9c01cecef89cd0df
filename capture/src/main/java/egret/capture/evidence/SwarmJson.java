// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Docker's API (20.10 to 29) says of a swarm: {@code /info}, {@code /services}, {@code /tasks}, {@code /nodes}
 * and events. What else is in there is skipped; what breaks the bounds, or is cut off, is an {@link IOException}.
 */
final class SwarmJson {
    /** Entries of one list. */
    static final int MAX_LISTED = 65_536;

    private static final int MAX_TEXT = 255;
    private static final String STACK = "com.docker.stack.namespace";

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxStringLength(1 << 20)
                    .maxNameLength(4096)
                    .maxNumberLength(100)
                    .build())
            .build();

    /** @param manager answers for the whole swarm */
    record Info(String node, boolean swarm, boolean manager) {}

    /**
     * @param stack "" if it is of none
     * @param image pinned if it has a digest
     */
    record Service(String id, String name, String stack, String image) {}

    /** @param nanos of its state, {@link LogLine#UNDATED} if that is not told */
    record Task(String id, String service, String node, String image, String state, String error, long nanos) {
        boolean failed() {
            return state.equals("rejected") || state.equals("failed");
        }
    }

    record Node(String id, String host) {}

    record Event(String type, String action, String id, long nanos) {}

    private interface Field {
        /** Reads the value that the parser stands on, to its end. */
        void read(JsonParser json, String name) throws IOException;
    }

    private interface Reader<T> {
        @Nullable
        T read(JsonParser json) throws IOException;
    }

    private SwarmJson() {}

    static Info info(InputStream in) throws IOException {
        String[] node = {""};
        boolean[] is = new boolean[2];
        try (JsonParser json = JSON.createParser(in)) {
            begin(json, JsonToken.START_OBJECT);
            object(json, (j, name) -> {
                if (!name.equals("Swarm")) {
                    j.skipChildren();
                    return;
                }
                object(j, (k, field) -> {
                    switch (field) {
                        case "NodeID" -> node[0] = text(k);
                        case "LocalNodeState" -> is[0] = text(k).equals("active");
                        case "ControlAvailable" -> {
                            is[1] = k.currentToken() == JsonToken.VALUE_TRUE;
                            k.skipChildren();
                        }
                        default -> k.skipChildren();
                    }
                });
            });
        }
        return new Info(node[0], is[0], is[0] && is[1]);
    }

    static void services(InputStream in, Consumer<Service> to) throws IOException {
        list(in, SwarmJson::service, to);
    }

    static void tasks(InputStream in, Consumer<Task> to) throws IOException {
        list(in, SwarmJson::task, to);
    }

    static void nodes(InputStream in, Consumer<Node> to) throws IOException {
        list(in, SwarmJson::node, to);
    }

    private static <T> void list(InputStream in, Reader<T> reader, Consumer<T> to) throws IOException {
        try (JsonParser json = JSON.createParser(in)) {
            begin(json, JsonToken.START_ARRAY);
            int count = 0;
            while (json.nextToken() == JsonToken.START_OBJECT) {
                if (++count > MAX_LISTED) {
                    throw new IOException("more than " + MAX_LISTED + " entries");
                }
                T read = reader.read(json);
                if (read != null) {
                    to.accept(read);
                }
            }
            if (json.currentToken() != JsonToken.END_ARRAY) {
                throw new IOException("cut off");
            }
        }
    }

    private static @Nullable Service service(JsonParser json) throws IOException {
        String[] s = {"", "", "", ""};
        object(json, (j, name) -> {
            switch (name) {
                case "ID" -> s[0] = text(j);
                case "Spec" ->
                    object(j, (k, field) -> {
                        switch (field) {
                            case "Name" -> s[1] = text(k);
                            case "Labels" ->
                                object(k, (l, label) -> {
                                    String value = text(l);
                                    s[2] = label.equals(STACK) ? value : s[2];
                                });
                            case "TaskTemplate" -> s[3] = image(k, s[3]);
                            default -> k.skipChildren();
                        }
                    });
                default -> j.skipChildren();
            }
        });
        return s[0].isEmpty() ? null : new Service(s[0], s[1], s[2], s[3]);
    }

    private static String image(JsonParser json, String before) throws IOException {
        String[] image = {before};
        object(json, (j, name) -> {
            if (name.equals("ContainerSpec")) {
                object(j, (k, field) -> {
                    String value = text(k);
                    image[0] = field.equals("Image") ? value : image[0];
                });
            } else {
                j.skipChildren();
            }
        });
        return image[0];
    }

    private static @Nullable Task task(JsonParser json) throws IOException {
        String[] t = {"", "", "", "", "", ""};
        long[] nanos = {LogLine.UNDATED};
        object(json, (j, name) -> {
            switch (name) {
                case "ID" -> t[0] = text(j);
                case "ServiceID" -> t[1] = text(j);
                case "NodeID" -> t[2] = text(j);
                case "Spec" -> t[3] = image(j, t[3]);
                case "Status" ->
                    object(j, (k, field) -> {
                        switch (field) {
                            case "State" -> t[4] = text(k);
                            case "Err" -> t[5] = words(k);
                            case "Timestamp" -> nanos[0] = time(text(k));
                            default -> k.skipChildren();
                        }
                    });
                default -> j.skipChildren();
            }
        });
        return t[0].isEmpty() ? null : new Task(t[0], t[1], t[2], t[3], t[4], t[5], nanos[0]);
    }

    private static @Nullable Node node(JsonParser json) throws IOException {
        String[] n = {"", ""};
        object(json, (j, name) -> {
            switch (name) {
                case "ID" -> n[0] = text(j);
                case "Description" ->
                    object(j, (k, field) -> {
                        String value = text(k);
                        n[1] = field.equals("Hostname") ? value : n[1];
                    });
                default -> j.skipChildren();
            }
        });
        return n[0].isEmpty() ? null : new Node(n[0], n[1]);
    }

    static Event event(byte[] line, int length) throws IOException {
        String[] e = {"", "", ""};
        long[] nanos = {LogLine.UNDATED};
        try (JsonParser json = JSON.createParser(line, 0, length)) {
            begin(json, JsonToken.START_OBJECT);
            object(json, (j, name) -> {
                switch (name) {
                    case "Type" -> e[0] = text(j);
                    case "Action" -> e[1] = text(j);
                    case "Actor" ->
                        object(j, (k, field) -> {
                            String value = text(k);
                            e[2] = field.equals("ID") ? value : e[2];
                        });
                    case "timeNano" -> {
                        if (j.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                            nanos[0] = j.getLongValue();
                        }
                        j.skipChildren();
                    }
                    default -> j.skipChildren();
                }
            });
        }
        return new Event(e[0], e[1], e[2], nanos[0]);
    }

    private static void begin(JsonParser json, JsonToken with) throws IOException {
        if (json.nextToken() != with) {
            throw new IOException("not what was asked for");
        }
    }

    /** The fields of the object that the parser stands on; of anything else, none. */
    private static void object(JsonParser json, Field field) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            field.read(json, name);
        }
        if (json.currentToken() != JsonToken.END_OBJECT) {
            throw new IOException("cut off");
        }
    }

    /** A string's value, one line of it; "" of anything else, which is passed over. */
    private static String text(JsonParser json) throws IOException {
        String all = words(json);
        return all.length() <= MAX_TEXT ? all : all.substring(0, MAX_TEXT);
    }

    private static String words(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            json.skipChildren();
            return "";
        }
        String text = json.getText();
        int control = 0;
        while (control < text.length() && text.charAt(control) >= ' ') {
            control++;
        }
        if (control == text.length()) {
            return text;
        }
        char[] clean = text.toCharArray();
        for (int i = control; i < clean.length; i++) {
            clean[i] = clean[i] < ' ' ? ' ' : clean[i];
        }
        return new String(clean);
    }

    private static long time(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        return LogTime.rfc3339(ascii, 0, ascii.length);
    }
}
