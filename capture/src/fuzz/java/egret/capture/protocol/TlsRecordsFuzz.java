// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A stream of records and the hello inside, of either side. */
class TlsRecordsFuzz {
    private final TlsRecords records = new TlsRecords();
    private final ClientHello client = new ClientHello();
    private final ServerHello server = new ServerHello();

    static Stream<byte[]> seeds() {
        byte[] body = HelloBuilder.join(
                HelloBuilder.bytes(3, 3),
                new byte[32],
                HelloBuilder.bytes(0, 0x13, 1, 0, 0, 15),
                HelloBuilder.bytes(0, 43, 0, 2, 3, 4, 0, 16, 0, 5, 0, 3, 2, 'h', '2'));
        byte[] answer = HelloBuilder.join(
                HelloBuilder.bytes(22, 3, 3),
                HelloBuilder.number(2, body.length + 4),
                HelloBuilder.bytes(2),
                HelloBuilder.number(3, body.length),
                body);
        return Stream.of(
                HelloBuilder.dockerd("registry-1.docker.io").record(),
                HelloBuilder.chrome("example.org", 0x4a4a).records(50, 60, 70),
                HelloBuilder.join(
                        HelloBuilder.bytes(20, 3, 3, 0, 1, 1),
                        HelloBuilder.curl("example.org").record()),
                answer);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60s")
    void parses(byte[] bytes) {
        records.parse(Bytes.direct(bytes), 0, bytes.length);
        client.parse(records.bytes(), records.from(), records.to());
        ClientHelloFuzz.readAll(client);
        server.parse(records.bytes(), records.from(), records.to());
        server.alpn();
    }
}
