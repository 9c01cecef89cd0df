// SPDX-License-Identifier: Apache-2.0
package egret.rules;

/** Addresses that a token may be sent to: by https, or in clear as long as it stays on this machine. */
final class WebAddress {
    static final String ALLOWED = "https://host/path; http:// only to localhost, 127.0.0.1 or [::1]";
    private static final int LONGEST = 1_000;
    private static final String[] OWN = {"http://localhost", "http://127.0.0.1", "http://[::1]"};

    private WebAddress() {}

    static boolean isAllowed(String text) {
        if (text.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '@' || c == '#') { // '@' would end a login
                return false;
            }
        }
        if (text.startsWith("https://")) {
            return text.length() > "https://".length() && isLetterOrDigit(text.charAt("https://".length()));
        }
        for (String own : OWN) {
            if (text.startsWith(own)
                    && (text.length() == own.length() || ":/".indexOf(text.charAt(own.length())) >= 0)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '[';
    }
}
