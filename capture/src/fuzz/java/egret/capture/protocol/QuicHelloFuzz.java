// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The frames of Initial packets, sealed here with the client's keys of RFC 9001 A.1, as no fuzzer finds a valid tag; and
 * the same bytes as a datagram.
 */
class QuicHelloFuzz {
    private static final byte[] KEY = HexFormat.of().parseHex("1f369613dd76d5467730efcbe3b1a22d");
    private static final byte[] IV = HexFormat.of().parseHex("fa044b2f42a3fd3b46fb255c");
    private static final byte[] HEADER_KEY = HexFormat.of().parseHex("9f50449e04a0e810283a1e9933adedd2");

    private final QuicHello hello = new QuicHello(new QuicDecryption());

    private static byte[] sealed(byte[] frames, int number) {
        byte[] padded = Arrays.copyOf(frames, Math.max(frames.length, 16));
        byte[] header = HelloBuilder.join(
                HexFormat.of().parseHex("c300000001088394c8f03e5157080000"),
                HelloBuilder.number(2, 0x4000 | padded.length + 4 + 16),
                HelloBuilder.number(4, number));
        return QuicSealer.seal(KEY, IV, HEADER_KEY, header, 4, number, padded);
    }

    static Stream<byte[]> seeds() {
        byte[] message =
                HelloBuilder.curl("registry-1.docker.io", "h3").versions(0x304).message();
        byte[] whole =
                HelloBuilder.join(HelloBuilder.bytes(6, 0), HelloBuilder.number(2, 0x4000 | message.length), message);
        byte[] tail = HelloBuilder.join(
                HelloBuilder.bytes(1, 2, 0, 0, 0, 0, 6, 0x40, 100),
                HelloBuilder.number(2, 0x4000 | message.length - 100),
                Arrays.copyOfRange(message, 100, message.length));
        return Stream.of(whole, tail, sealed(whole, 2));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60s")
    void parses(byte[] bytes) {
        hello.reset();
        int half = Math.min(bytes.length / 2, 8000);
        add(sealed(Arrays.copyOf(bytes, half), 2));
        add(sealed(Arrays.copyOfRange(bytes, half, Math.min(bytes.length, half + 8000)), 3));
        hello.reset();
        add(sealed(Arrays.copyOf(bytes, Math.min(bytes.length, 16000)), 2));
        hello.reset();
        QuicInitial.looksLikeInitial(Bytes.direct(bytes), 0, bytes.length);
        add(bytes);
    }

    private void add(byte... datagram) {
        hello.add(Bytes.direct(datagram), 0, datagram.length);
        ClientHelloFuzz.readAll(hello.hello());
    }
}
