// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import static egret.capture.protocol.HelloBuilder.bytes;
import static egret.capture.protocol.HelloBuilder.join;
import static egret.capture.protocol.HelloBuilder.number;
import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.protocol.TlsRecords.Outcome;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TlsRecordsTest {
    private final TlsRecords records = new TlsRecords();
    private final ClientHello hello = new ClientHello();

    private Outcome parse(byte... stream) {
        return records.parse(Bytes.direct(stream), 0, stream.length);
    }

    private String name() {
        hello.parse(records.bytes(), records.from(), records.to());
        return hello.serverName();
    }

    @Test
    void givesAMessageInOneRecordInPlace() {
        byte[] stream = HelloBuilder.dockerd("registry-1.docker.io").record();
        ByteBuffer b = Bytes.direct(stream);
        assertThat(records.parse(b, 0, stream.length)).isEqualTo(Outcome.COMPLETE);
        assertThat(records.bytes()).isSameAs(b);
        assertThat(records.from()).isEqualTo(5);
        assertThat(records.end()).isEqualTo(stream.length);
        assertThat(records.records()).isEqualTo(1);
        assertThat(records.version()).isEqualTo(0x0301);
        assertThat(name()).isEqualTo("registry-1.docker.io");
    }

    @Test
    void joinsAMessageThatIsSplitOverRecords() {
        HelloBuilder builder =
                HelloBuilder.chrome("registry-1.docker.io", 0x3a3a).mlKemKeyShare();
        parse(builder.record());
        name();
        String ja4 = hello.ja4('t');
        for (int[] lengths : new int[][] {{1}, {3, 1}, {4, 4, 4}, {100}, {37, 500, 1}, ones(600)}) {
            byte[] stream = builder.records(lengths);
            assertThat(parse(stream)).isEqualTo(Outcome.COMPLETE);
            assertThat(name()).isEqualTo("registry-1.docker.io");
            assertThat(hello.ja4('t')).isEqualTo(ja4);
            assertThat(records.end()).isEqualTo(stream.length);
        }
    }

    private static int[] ones(int count) {
        int[] lengths = new int[count];
        Arrays.fill(lengths, 1);
        return lengths;
    }

    @Test
    void waitsForEveryPrefixOfASplitMessage() {
        byte[] stream = HelloBuilder.dockerd("registry-1.docker.io").records(60, 80);
        for (int n = 0; n < stream.length; n++) {
            assertThat(parse(Arrays.copyOf(stream, n))).isEqualTo(Outcome.INCOMPLETE);
            // Three headers, 60 + 61 bytes of message: the name ends at byte 121 of it.
            assertThat(name()).isIn("", "registry-1.docker.io");
        }
        parse(Arrays.copyOf(stream, stream.length - 1));
        assertThat(name()).isEqualTo("registry-1.docker.io");
    }

    @Test
    void skipsChangeCipherSpecAndAlertBeforeTheMessage() {
        byte[] hello = HelloBuilder.dockerd("example.org").record();
        assertThat(parse(join(bytes(20, 3, 3, 0, 1, 1), hello))).isEqualTo(Outcome.COMPLETE);
        assertThat(name()).isEqualTo("example.org");
        assertThat(parse(join(bytes(21, 3, 1, 0, 2, 1, 0), bytes(20, 3, 3, 0, 1, 1), hello)))
                .isEqualTo(Outcome.COMPLETE);
        assertThat(name()).isEqualTo("example.org");
    }

    @Test
    void readsRecordVersionsFromSsl3ToTls13() {
        for (int minor = 0; minor <= 4; minor++) {
            byte[] stream = HelloBuilder.dockerd("example.org").record();
            stream[2] = (byte) minor;
            assertThat(parse(stream)).isEqualTo(Outcome.COMPLETE);
        }
    }

    @Test
    void joinsAHelloOfNearly64Kilobytes() {
        HelloBuilder builder = new HelloBuilder().serverName("example.org");
        for (int i = 0; i < 4; i++) {
            builder.extension(0x1234 + i, new byte[16_000]);
        }
        assertThat(parse(builder.records(16_384, 16_384, 16_384))).isEqualTo(Outcome.COMPLETE);
        assertThat(records.records()).isEqualTo(4);
        assertThat(name()).isEqualTo("example.org");
        assertThat(hello.malformed()).isFalse();
    }

    @Test
    void refusesWhatIsNotTls() {
        assertThat(parse(HelloBuilder.ascii("GET / HTTP/1.1\r\n\r\n"))).isEqualTo(Outcome.NOT_TLS);
        assertThat(parse(bytes(22))).isEqualTo(Outcome.INCOMPLETE);
        assertThat(parse(bytes(22, 2))).isEqualTo(Outcome.NOT_TLS);
        assertThat(parse(bytes(22, 3, 9))).isEqualTo(Outcome.NOT_TLS);
        assertThat(parse(bytes(22, 3, 1, 0xff, 0xff))).isEqualTo(Outcome.NOT_TLS);
        assertThat(parse(bytes(22, 3, 1, 0, 0))).isEqualTo(Outcome.NOT_TLS);
        assertThat(parse(bytes(22, 3, 3, 0, 70, 16))).isEqualTo(Outcome.NOT_TLS);
        assertThat(parse(bytes(23, 3, 3, 0, 70, 1))).isEqualTo(Outcome.NOT_TLS);
        // 16 MB announced.
        assertThat(parse(bytes(22, 3, 1, 0, 70, 1, 0xff, 0xff, 0xff, 3, 3))).isEqualTo(Outcome.NOT_TLS);
    }

    @Test
    void readsTheServersChoice() {
        byte[] extensions = bytes(0, 16, 0, 5, 0, 3, 2, 'h', '2', 0xff, 1, 0, 1, 0);
        byte[] message = server(new byte[32], 0xc02f, extensions);
        ServerHello server = new ServerHello();
        assertThat(server.parse(Bytes.direct(message), 0, message.length)).isEqualTo(ServerHello.Outcome.COMPLETE);
        assertThat(server.version()).isEqualTo(0x0303);
        assertThat(server.cipherSuite()).isEqualTo(0xc02f);
        assertThat(server.alpn()).isEqualTo("h2");
        assertThat(server.choseHttp2()).isTrue();
        assertThat(server.helloRetryRequest()).isFalse();
        for (int n = 0; n < message.length; n++) {
            assertThat(server.parse(Bytes.direct(message), 0, n)).isEqualTo(ServerHello.Outcome.INCOMPLETE);
        }
    }

    @Test
    void knowsAHelloRetryRequestByItsRandom() throws Exception {
        byte[] random =
                java.security.MessageDigest.getInstance("SHA-256").digest(HelloBuilder.ascii("HelloRetryRequest"));
        byte[] message = server(random, 0x1301, bytes(0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 29));
        byte[] stream = join(bytes(22, 3, 3), number(2, message.length), message);
        assertThat(parse(stream)).isEqualTo(Outcome.COMPLETE);
        ServerHello server = new ServerHello();
        assertThat(server.parse(records.bytes(), records.from(), records.to())).isEqualTo(ServerHello.Outcome.COMPLETE);
        assertThat(server.helloRetryRequest()).isTrue();
        assertThat(server.version()).isEqualTo(0x0304);
        assertThat(server.alpn()).isEmpty();
    }

    private static byte[] server(byte[] random, int suite, byte[] extensions) {
        byte[] body = join(
                bytes(3, 3), random, bytes(0), number(2, suite), bytes(0), number(2, extensions.length), extensions);
        return join(bytes(2), number(3, body.length), body);
    }

    @Test
    void survivesMutations() {
        long seed = 20260;
        Random random = new Random(seed);
        ServerHello server = new ServerHello();
        byte[] first = HelloBuilder.chrome("example.org", 0x4a4a).records(50, 60, 70);
        byte[] second = HelloBuilder.dockerd("registry-1.docker.io").record();
        for (int i = 0; i < 10_000; i++) {
            byte[] stream = Bytes.mutated(random, i % 2 == 0 ? first : second);
            int length = random.nextInt(4) == 0 ? random.nextInt(stream.length + 1) : stream.length;
            String[] seen = new String[2];
            for (int poison = 0; poison < 2; poison++) {
                ByteBuffer b = Bytes.poisoned(i * 2L + poison, Arrays.copyOf(stream, length));
                Outcome outcome = records.parse(b, Bytes.MARGIN, Bytes.MARGIN + length);
                ClientHello.Outcome inner = hello.parse(records.bytes(), records.from(), records.to());
                seen[poison] = outcome + " " + inner + " " + hello.serverName() + hello.alpn() + hello.ja3Text()
                        + hello.fingerprintKey() + hello.offersHttp2() + hello.supportedVersions() + hello.ech();
                if (i % 16 == 0) {
                    seen[poison] += hello.ja4('t');
                }
                server.parse(records.bytes(), records.from(), records.to());
                hello.parse(b, Bytes.MARGIN + Math.min(5, length), Bytes.MARGIN + length);
                seen[poison] += hello.serverName() + hello.ja3Text();
            }
            assertThat(seen[0]).as("seed %d, round %d", seed, i).isEqualTo(seen[1]);
        }
    }
}
