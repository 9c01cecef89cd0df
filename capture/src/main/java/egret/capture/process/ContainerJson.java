// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import egret.capture.origin.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what engines say of containers: the list, one container, one event of the Docker Engine API, and Docker's own
 * {@code config.v2.json}. Whatever else is in there is skipped; what breaks the bounds is an {@link IOException}.
 */
final class ContainerJson {
    /** Containers of one list. */
    static final int MAX_LISTED = 4096;

    private static final int MAX_DEPTH = 64;
    private static final int MAX_STRING = 1 << 20;
    private static final int MAX_NAME = 4096;
    private static final int MAX_NUMBER = 100;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING)
                    .maxNameLength(MAX_NAME)
                    .maxNumberLength(MAX_NUMBER)
                    .build())
            .build();

    /**
     * Something happened to a container.
     *
     * @param ended it died or was removed
     */
    record Event(ContainerNames names, boolean ended) {}

    private final ContainerLabels labels = new ContainerLabels();
    private final String runtime;
    private String id = "";
    private String name = "";
    private String image = "";

    private ContainerJson(String runtime) {
        this.runtime = runtime;
    }

    /** {@code GET /containers/json}. */
    static List<ContainerNames> list(InputStream in, String runtime) throws IOException {
        List<ContainerNames> list = new ArrayList<>();
        try (JsonParser json = JSON.createParser(in)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw new IOException("no list of containers");
            }
            while (json.nextToken() == JsonToken.START_OBJECT && list.size() < MAX_LISTED) {
                ContainerNames names = new ContainerJson(runtime).container(json);
                if (names != null) {
                    list.add(names);
                }
            }
            if (json.currentToken() != JsonToken.END_ARRAY && list.size() < MAX_LISTED) {
                throw new IOException("cut off");
            }
        }
        return list;
    }

    /** {@code GET /containers/ID/json}, or {@code config.v2.json}; null if it is of none. */
    static @Nullable ContainerNames container(InputStream in, String runtime) throws IOException {
        try (JsonParser json = JSON.createParser(in)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no container");
            }
            return new ContainerJson(runtime).container(json);
        }
    }

    /** One line of {@code GET /events}; null if it is not of a container. */
    static @Nullable Event event(byte[] line, int length, String runtime) throws IOException {
        try (JsonParser json = JSON.createParser(line, 0, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no event");
            }
            return new ContainerJson(runtime).event(json);
        }
    }

    private @Nullable ContainerNames container(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "Id", "ID" -> id = text(json);
                case "Name" -> name = text(json);
                case "Names" -> firstName(json);
                case "Image" -> image = image.isEmpty() ? text(json) : image;
                case "Labels" -> labels(json);
                case "Config" -> config(json, value);
                default -> json.skipChildren();
            }
        }
        ended(json);
        return names();
    }

    private void config(JsonParser json, JsonToken start) throws IOException {
        if (start != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "Image" -> image = text(json); // That of the container itself is a digest.
                case "Labels" -> labels(json);
                default -> json.skipChildren();
            }
        }
        ended(json);
    }

    private @Nullable Event event(JsonParser json) throws IOException {
        String type = "";
        String action = "";
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "Type" -> type = text(json);
                case "Action" -> action = text(json);
                case "status" -> action = action.isEmpty() ? text(json) : action;
                case "id" -> id = id.isEmpty() ? text(json) : id;
                case "Actor" -> actor(json, value);
                default -> json.skipChildren();
            }
        }
        ended(json);
        ContainerNames names = type.equals("container") ? names() : null;
        boolean ended =
                action.equals("die") || action.equals("died") || action.equals("destroy") || action.equals("remove");
        return names == null ? null : new Event(names, ended);
    }

    private void actor(JsonParser json, JsonToken start) throws IOException {
        if (start != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "ID" -> id = text(json);
                case "Attributes" -> labels(json);
                default -> json.skipChildren();
            }
        }
        ended(json);
        name = labels.name();
        image = labels.image();
    }

    private void labels(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            json.nextToken();
            labels.add(key, text(json));
        }
        ended(json);
    }

    private void firstName(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == null) {
                throw new IOException("cut off");
            }
            String one = text(json);
            name = name.isEmpty() ? one : name;
        }
    }

    private static void ended(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.END_OBJECT) {
            throw new IOException("cut off");
        }
    }

    /** A string's value, "" of anything else, which is passed over. */
    private static String text(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        json.skipChildren();
        return "";
    }

    private @Nullable ContainerNames names() {
        if (!CgroupText.isId(id)) {
            return null;
        }
        String bare = labels.containerName(name.startsWith("/") ? name.substring(1) : name);
        Owner.Container container =
                new Owner.Container(id, Texts.printable(bare, 255), Texts.printable(image, 255), runtime);
        return new ContainerNames(container, labels.service());
    }
}
