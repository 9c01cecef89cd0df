// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** JA3 and JA4 against values that others have published or measured for the same clients. */
class FingerprintTest {
    private static ClientHello hello(HelloBuilder builder) {
        ClientHello hello = new ClientHello();
        byte[] message = builder.message();
        assertThat(hello.parse(Bytes.direct(message), 0, message.length)).isEqualTo(ClientHello.Outcome.COMPLETE);
        return hello;
    }

    @Test
    void namesDockerd() {
        ClientHello hello = hello(HelloBuilder.dockerd("registry-1.docker.io"));
        assertThat(hello.ja3Text())
                .isEqualTo("771,49195-49199-49196-49200-49161-49171-49162-49172-4865-4866-4867,"
                        + "0-5-10-11-13-65281-18-43-51,29-23-24-25,0");
        assertThat(hello.ja3()).isEqualTo("e8c56fa43b7331d84bb40e52bc83243d");
        assertThat(hello.ja4('t')).isEqualTo("t13d110900_cafd58515627_97f8aa674fd9");
    }

    @Test
    void namesCurl() {
        assertThat(hello(HelloBuilder.curl("example.org", "http/1.1")).ja3())
                .isEqualTo("0149f47eabf9a20d0893e2a44e5a6323");
        assertThat(hello(HelloBuilder.curl("example.org", "h2", "http/1.1")).ja4('t'))
                .isEqualTo("t13d3112h2_e8f1e7e78f70_b26ce05bbdd6");
    }

    @Test
    void namesChromeWhateverItsGrease() {
        for (int grease = 0x0a0a; grease <= 0xfafa; grease += 0x1010) {
            ClientHello hello = hello(HelloBuilder.chrome("example.org", grease));
            assertThat(hello.ja3()).isEqualTo("cd08e31494f9531f560d64c695473da9");
            assertThat(hello.ja4('t')).isEqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1");
            assertThat(hello.fingerprintKey())
                    .isEqualTo(hello(HelloBuilder.chrome("example.com", 0x0a0a)).fingerprintKey());
        }
    }

    @Test
    void givesTheTransportInTheFirstLetter() {
        assertThat(hello(HelloBuilder.dockerd("example.org")).ja4('q'))
                .isEqualTo("q13d110900_cafd58515627_97f8aa674fd9");
    }

    @Test
    void showsTheFirstProtocolByFirstAndLastCharacterOrHexDigit() {
        assertThat(protocol("h2")).isEqualTo("h2");
        assertThat(protocol("http/1.1")).isEqualTo("h1");
        assertThat(protocol("h")).isEqualTo("hh");
        assertThat(protocol("\u00ab")).isEqualTo("ab");
        assertThat(protocol("\u00ab\u00cd")).isEqualTo("ad");
        assertThat(protocol("\u0030\u00ab")).isEqualTo("3b");
        assertThat(protocol("\u0030\u0031\u00ab\u00cd")).isEqualTo("3d");
        assertThat(protocol("\u0030\u00ab\u00cd\u0031")).isEqualTo("01");
        assertThat(protocol("")).isEqualTo("00");
        assertThat(hello(new HelloBuilder()).ja4('t').substring(8, 10)).isEqualTo("00");
    }

    private static String protocol(String first) {
        return hello(new HelloBuilder().alpn(first)).ja4('t').substring(8, 10);
    }

    @Test
    void capsCountsAtNinetyNineAndTellsNameFromNone() {
        int[] ciphers = new int[150];
        for (int i = 0; i < ciphers.length; i++) {
            ciphers[i] = 0x4000 + i;
        }
        HelloBuilder builder = new HelloBuilder().ciphers(ciphers);
        for (int i = 0; i < 120; i++) {
            builder.extension(0x5000 + i);
        }
        assertThat(hello(builder).ja4('t')).startsWith("t12i999900_");
        assertThat(hello(builder.serverName("example.org")).ja4('t')).startsWith("t12d999900_");
    }

    @Test
    void changesTheKeyWithWhateverTheFingerprintsDependOn() {
        long key = hello(base()).fingerprintKey();
        assertThat(hello(base()).fingerprintKey()).isEqualTo(key);
        assertThat(hello(base().version(0x0302)).fingerprintKey()).isNotEqualTo(key);
        assertThat(hello(base().ciphers(0x1301, 0x1303)).fingerprintKey()).isNotEqualTo(key);
        assertThat(hello(base().extension(99)).fingerprintKey()).isNotEqualTo(key);
        for (HelloBuilder other : new HelloBuilder[] {
            new HelloBuilder()
                    .groups(29, 24)
                    .signatures(0x0403)
                    .pointFormats(0)
                    .versions(0x0304)
                    .alpn("h2"),
            new HelloBuilder()
                    .groups(29, 23)
                    .signatures(0x0404)
                    .pointFormats(0)
                    .versions(0x0304)
                    .alpn("h2"),
            new HelloBuilder()
                    .groups(29, 23)
                    .signatures(0x0403)
                    .pointFormats(1)
                    .versions(0x0304)
                    .alpn("h2"),
            new HelloBuilder()
                    .groups(29, 23)
                    .signatures(0x0403)
                    .pointFormats(0)
                    .versions(0x0303)
                    .alpn("h2"),
            new HelloBuilder()
                    .groups(29, 23)
                    .signatures(0x0403)
                    .pointFormats(0)
                    .versions(0x0304)
                    .alpn("h3"),
            new HelloBuilder()
                    .signatures(0x0403)
                    .groups(29, 23)
                    .pointFormats(0)
                    .versions(0x0304)
                    .alpn("h2")
        }) {
            assertThat(hello(other).fingerprintKey()).isNotEqualTo(key);
        }
    }

    private static HelloBuilder base() {
        return new HelloBuilder()
                .groups(29, 23)
                .signatures(0x0403)
                .pointFormats(0)
                .versions(0x0304)
                .alpn("h2");
    }
}
