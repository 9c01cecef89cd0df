// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class ClientHelloFuzz {
    private final ClientHello hello = new ClientHello();

    static Stream<byte[]> seeds() {
        return Stream.of(
                HelloBuilder.dockerd("registry-1.docker.io").message(),
                HelloBuilder.curl("example.org", "h2", "http/1.1").message(),
                HelloBuilder.chrome("example.org", 0x4a4a).message(),
                HelloBuilder.curl("example.org").ech().message());
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60s")
    void parses(byte[] bytes) {
        ByteBuffer buffer = Bytes.direct(bytes);
        hello.parse(buffer, 0, bytes.length);
        readAll(hello);
    }

    /** Everything that those who hold a hello may ask, whatever its outcome was. */
    static void readAll(ClientHello hello) {
        hello.serverName();
        hello.alpn();
        hello.supportedVersions();
        hello.supportedVersionEntries();
        hello.fingerprintKey();
        hello.hasExtension(16);
        hello.ja3();
        hello.ja3Text();
        hello.ja4('t');
    }
}
