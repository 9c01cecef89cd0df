// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/** Addresses that a token may be sent to: by https, or in clear as long as it stays on this machine. */
final class WebAddress {
    static final String ALLOWED = "https://host/path; http:// only to localhost, 127.0.0.1 or [::1]";
    private static final int LONGEST = 1_000;
    private static final Set<String> OWN = Set.of("localhost", "127.0.0.1", "[::1]");

    private WebAddress() {}

    static boolean isAllowed(String text) {
        if (text.length() > LONGEST) {
            return false;
        }
        try {
            URI uri = new URI(text);
            String host = uri.getHost();
            boolean plain = host != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
            boolean safe = "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && OWN.contains(host));
            return plain && safe && text.equals(uri.toASCIIString());
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
