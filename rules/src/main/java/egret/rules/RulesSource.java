// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

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

    /**
     * The text of a resource of this package. Read from the jar as a file where there is one: through the class loader it
     * takes 6 ms of a cold start, because the jar is opened anew behind a URL, and so 2 ms.
     */
    static String resource(String name) {
        CodeSource source = RulesSource.class.getProtectionDomain().getCodeSource();
        try {
            if (source != null && source.getLocation().getPath().endsWith(".jar")) {
                try (ZipFile jar = new ZipFile(new File(source.getLocation().toURI()))) {
                    ZipEntry entry = jar.getEntry("egret/rules/" + name);
                    if (entry != null) {
                        return text(jar.getInputStream(entry));
                    }
                }
            }
            InputStream in = RulesSource.class.getResourceAsStream(name);
            if (in == null) {
                throw new IllegalStateException("the jar has no " + name);
            }
            return text(in);
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the jar's " + name + " cannot be read", e);
        }
    }

    private static String text(InputStream in) throws IOException {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
