// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The token in a token server's answer (distribution's token specification; RFC 6750 section 2.1 for its characters). */
final class Token {
    private Token() {}

    /** Null if there is none. */
    static @Nullable String in(byte[] json) {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                boolean token = name.equals("token") || name.equals("access_token");
                if (token && value == JsonToken.VALUE_STRING) {
                    return isToken(parser.getText()) ? parser.getText() : null;
                }
                parser.skipChildren();
            }
            return null;
        } catch (IOException ignored) { // no JSON
            return null;
        }
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letterOrDigit && "-._~+/=".indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
