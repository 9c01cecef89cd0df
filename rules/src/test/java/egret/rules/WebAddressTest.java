// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://auth.example.org/token?service=x&scope=repository:a/b:pull",
                "https://[2001:db8::1]:5000/v2/",
                "http://127.0.0.1:5000/v2/",
                "http://localhost",
                "http://[::1]/v2/"
            })
    void aTokenMayGoByTlsOrStayHere(String text) {
        assertThat(WebAddress.isAllowed(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://",
                "https:///v2/",
                "http://registry.example.org/v2/",
                "http://127.0.0.1.example.org/",
                "http://localhost@example.org/",
                "https://me:secret@example.org/",
                "http://localhosts/",
                "ftp://example.org/",
                "https://example.org/ x",
                "https://example.org/\u001b[2J",
                "https://example.org/#x"
            })
    void nothingElse(String text) {
        assertThat(WebAddress.isAllowed(text)).isFalse();
    }
}
