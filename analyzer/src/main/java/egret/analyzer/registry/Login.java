// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** An account of a registry, from a file with one line {@code user:token}. Shows nothing of it in its text. */
public final class Login {
    private static final int LONGEST = 4096;

    private final String basic;

    private Login(String basic) {
        this.basic = basic;
    }

    /** @throws IOException with a sentence for people, which has nothing of the file's content */
    public static Login read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LONGEST + 1);
        }
        String line = new String(bytes, StandardCharsets.UTF_8).strip();
        int colon = line.indexOf(':');
        if (bytes.length > LONGEST || colon < 1 || colon == line.length() - 1 || hasControl(line)) {
            throw new IOException("holds no line user:token");
        }
        return new Login(Base64.getEncoder().encodeToString(line.getBytes(StandardCharsets.UTF_8)));
    }

    private static boolean hasControl(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** The value of the Authorization header (RFC 7617). */
    String authorization() {
        return "Basic " + basic;
    }

    @Override
    public String toString() {
        return "a login";
    }
}
