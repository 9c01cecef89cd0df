// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the texts of rules come from: files, bounded, and the resources of this package. */
final class RulesSource {
    /** 10,000 rules fit twice over; what is larger is not a rules file. */
    static final int MOST_BYTES = 1 << 20;

    private RulesSource() {}

    /** The text of a file, "" and a problem if it is too large or not text. */
    static String read(Path file, Problems problems) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        checkSize(file.toString(), bytes.length, problems);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
        } catch (CharacterCodingException e) {
            int line = 1;
            int column = 1;
            for (int i = 0; i < buffer.position(); i++) {
                boolean newLine = bytes[i] == '\n';
                line += newLine ? 1 : 0;
                column = newLine ? 1 : column + 1;
            }
            YamlNode.Place place = new YamlNode.Place(file.toString(), line, column);
            problems.add(place, "", "not UTF-8", "a rules file is a text in UTF-8");
            return "";
        }
    }

    static void checkSize(String file, int size, Problems problems) {
        if (size > MOST_BYTES) {
            problems.add(new YamlNode.Place(file, 1, 1), "", "the file is larger than " + MOST_BYTES + " bytes", "");
        }
    }

    static String resource(String name) {
        try (InputStream in = RulesSource.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar has no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the jar's " + name + " cannot be read", e);
        }
    }
}
