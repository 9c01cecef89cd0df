// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import static egret.capture.protocol.HelloBuilder.bytes;
import static egret.capture.protocol.HelloBuilder.join;
import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.protocol.ClientHello.Outcome;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ClientHelloTest {
    private final ClientHello hello = new ClientHello();

    private Outcome parse(byte... message) {
        return hello.parse(Bytes.direct(message), 0, message.length);
    }

    @Test
    void readsNameRandomAndProtocols() {
        byte[] random = new byte[32];
        Arrays.fill(random, (byte) 0x5a);
        byte[] message = HelloBuilder.curl("registry-1.docker.io", "h2", "http/1.1")
                .random(random)
                .message();

        assertThat(parse(message)).isEqualTo(Outcome.COMPLETE);
        assertThat(hello.hasServerName()).isTrue();
        assertThat(hello.serverName()).isEqualTo("registry-1.docker.io");
        assertThat(hello.serverNameLength()).isEqualTo(20);
        assertThat(message[hello.serverNameOffset()]).isEqualTo((byte) 'r');
        assertThat(hello.hasRandom()).isTrue();
        assertThat(hello.randomOffset()).isEqualTo(6);
        assertThat(hello.sessionIdOffset()).isEqualTo(39);
        assertThat(hello.sessionIdLength()).isEqualTo(32);
        assertThat(hello.supportedVersionEntries()).isEqualTo(4);
        assertThat(hello.alpn()).containsExactly("h2", "http/1.1");
        assertThat(hello.offersAlpn()).isTrue();
        assertThat(hello.offersHttp2()).isTrue();
        assertThat(hello.supportedVersions()).isEqualTo(0x0304);
        assertThat(hello.legacyVersion()).isEqualTo(0x0303);
        assertThat(hello.length()).isEqualTo(message.length);
        assertThat(hello.ech()).isFalse();
        assertThat(hello.malformed()).isFalse();
    }

    @Test
    void readsTheSameInHeapAndDirectBuffersAtAnyOffset() {
        byte[] message = HelloBuilder.chrome("example.org", 0x2a2a).message();
        parse(message);
        String ja4 = hello.ja4('t');
        long key = hello.fingerprintKey();

        ByteBuffer heap = ByteBuffer.allocate(message.length + 300).put(171, message);
        assertThat(hello.parse(heap, 171, 171 + message.length)).isEqualTo(Outcome.COMPLETE);
        assertThat(hello.ja4('t')).isEqualTo(ja4);
        assertThat(hello.fingerprintKey()).isEqualTo(key);
        assertThat(hello.serverName()).isEqualTo("example.org");
    }

    @Test
    void givesNameAndRandomOfEveryPrefixAsSoonAsTheirBytesAreThere() {
        for (HelloBuilder builder : new HelloBuilder[] {
            HelloBuilder.dockerd("registry-1.docker.io"),
            HelloBuilder.chrome("registry-1.docker.io", 0x1a1a),
            new HelloBuilder().mlKemKeyShare().ech().serverName("registry-1.docker.io")
        }) {
            byte[] message = builder.message();
            assertThat(parse(message)).isEqualTo(Outcome.COMPLETE);
            int nameEnd = hello.serverNameOffset() + hello.serverNameLength();
            for (int n = 0; n < message.length; n++) {
                assertThat(parse(Arrays.copyOf(message, n))).isEqualTo(Outcome.INCOMPLETE);
                assertThat(hello.hasRandom()).isEqualTo(n >= 38);
                assertThat(hello.hasServerName()).isEqualTo(n >= nameEnd);
                assertThat(hello.serverName()).isEqualTo(n >= nameEnd ? "registry-1.docker.io" : "");
                assertThat(hello.malformed()).isFalse();
            }
        }
    }

    @Test
    void takesTheMessageAloneWhenMoreFollows() {
        byte[] message = HelloBuilder.dockerd("example.org").message();
        assertThat(parse(join(message, bytes(11, 0, 0, 4, 1, 2, 3, 4)))).isEqualTo(Outcome.COMPLETE);
        assertThat(hello.length()).isEqualTo(message.length);
    }

    @Test
    void seesEncryptedClientHelloAndTheOldEncryptedServerName() {
        parse(new HelloBuilder().serverName("example.org").ech().message());
        assertThat(hello.ech()).isTrue();
        parse(new HelloBuilder().extension(0xffce, new byte[40]).message());
        assertThat(hello.ech()).isTrue();
        assertThat(hello.hasServerName()).isFalse();
    }

    @Test
    void takesNoNameFromAnEmptyOneOrAnotherNameType() {
        assertThat(parse(new HelloBuilder().serverName("").message())).isEqualTo(Outcome.COMPLETE);
        assertThat(hello.hasServerName()).isFalse();
        assertThat(hello.malformed()).isFalse();
        // A resumed session may carry the extension without a list.
        parse(new HelloBuilder().extension(0).message());
        assertThat(hello.hasServerName()).isFalse();
        assertThat(hello.hasExtension(0)).isTrue();
        parse(new HelloBuilder().extension(0, bytes(0, 4, 7, 0, 1, 'x')).message());
        assertThat(hello.hasServerName()).isFalse();
        parse(new HelloBuilder()
                .extension(0, bytes(0, 8, 7, 0, 1, 'x', 0, 0, 1, 'y'))
                .message());
        assertThat(hello.serverName()).isEqualTo("y");
    }

    @Test
    void refusesNamesWithControlBytesAndSaysSo() {
        for (String name : new String[] {"evil\u001b[2J.example.org", "a b.example.org", "nul\0.example.org"}) {
            assertThat(parse(new HelloBuilder().serverName(name).message())).isEqualTo(Outcome.COMPLETE);
            assertThat(hello.hasServerName()).isFalse();
            assertThat(hello.malformed()).isTrue();
        }
    }

    @Test
    void staysAHelloWhenLengthsInsideContradictEachOther() {
        byte[] message = new HelloBuilder()
                .serverName("example.org")
                .extension(35, new byte[10])
                .message();
        message[message.length - 11] = 50;
        assertThat(parse(message)).isEqualTo(Outcome.COMPLETE);
        assertThat(hello.serverName()).isEqualTo("example.org");
        assertThat(hello.malformed()).isTrue();
    }

    @Test
    void readsHellosWithoutExtensions() {
        byte[] message = new HelloBuilder()
                .version(0x0300)
                .sessionId()
                .ciphers(0x0039, 0x0035)
                .withoutExtensionBlock()
                .message();
        assertThat(parse(message)).isEqualTo(Outcome.COMPLETE);
        assertThat(hello.ja3Text()).isEqualTo("768,57-53,,,");
        assertThat(hello.ja4('t')).startsWith("ts3i020000_").endsWith("_000000000000");
        assertThat(hello.alpn()).isEmpty();
        assertThat(hello.supportedVersions()).isZero();
    }

    @Test
    void tellsOtherMessagesFromHellos() {
        byte[] message = HelloBuilder.dockerd("example.org").message();
        assertThat(parse(with(message, 0, 2))).isEqualTo(Outcome.NOT_A_HELLO);
        assertThat(parse(with(message, 1, 1))).isEqualTo(Outcome.NOT_A_HELLO);
        assertThat(parse(with(message, 4, 2))).isEqualTo(Outcome.NOT_A_HELLO);
        assertThat(parse(with(message, 38, 33))).isEqualTo(Outcome.NOT_A_HELLO);
        assertThat(parse(with(message, 72, 21))).isEqualTo(Outcome.NOT_A_HELLO);
        assertThat(parse(bytes(1, 0, 0, 4, 3, 3, 0, 0))).isEqualTo(Outcome.NOT_A_HELLO);
    }

    private static byte[] with(byte[] message, int at, int value) {
        byte[] copy = message.clone();
        copy[at] = (byte) value;
        return copy;
    }
}
