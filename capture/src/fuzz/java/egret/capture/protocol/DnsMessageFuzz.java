// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class DnsMessageFuzz {
    private final DnsMessage message = new DnsMessage();

    static Stream<byte[]> seeds() {
        byte[] question = HelloBuilder.join(
                HelloBuilder.bytes(10),
                HelloBuilder.ascii("registry-1"),
                HelloBuilder.bytes(6),
                HelloBuilder.ascii("docker"),
                HelloBuilder.bytes(2),
                HelloBuilder.ascii("io"),
                HelloBuilder.bytes(0, 0, 1, 0, 1));
        byte[] query = HelloBuilder.join(HelloBuilder.bytes(0xbe, 0xef, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0), question);
        byte[] answer = HelloBuilder.join(
                HelloBuilder.bytes(0xbe, 0xef, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0),
                question,
                HelloBuilder.bytes(0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, 23),
                HelloBuilder.bytes(0xc0, 23, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 51, 100, 7));
        return Stream.of(query, answer);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60s")
    void parses(byte[] bytes) {
        ByteBuffer buffer = Bytes.direct(bytes);
        message.parse(buffer, 0, bytes.length);
        message.questionName();
        int found = 0;
        while (message.next()) {
            buffer.get(message.addressOffset() + message.addressLength() - 1);
            found++;
        }
        if (found != message.addressesA() + message.addressesAaaa()) {
            throw new AssertionError("addresses given and counted differ");
        }
    }
}
