// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import static egret.capture.protocol.HelloBuilder.bytes;
import static egret.capture.protocol.HelloBuilder.join;
import static egret.capture.protocol.HelloBuilder.number;
import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.protocol.QuicHello.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuicHelloTest {
    private static final byte[] ID = hex("8394c8f03e515708");
    /** The CRYPTO frame of RFC 9001 A.2 and RFC 9369 A.2. */
    private static final byte[] FRAME = hex("060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e868"
            + "04fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578"
            + "616d706c652e636f6dff01000100000a00080006001d00170018001000070005"
            + "04616c706e000500050100000000003300260024001d00209370b2c9caa47fba"
            + "baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400"
            + "0d0010000e0403050306030203080408050806002d00020101001c0002400100"
            + "3900320408ffffffffffffffff05048000ffff07048000ffff08011001048000"
            + "75300901100f088394c8f03e51570806048000ffff");

    private final QuicDecryption decryption = new QuicDecryption();
    private final QuicHello hello = new QuicHello(decryption);

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private Outcome add(byte... datagram) {
        return hello.add(Bytes.direct(datagram), 0, datagram.length);
    }

    @Test
    void derivesTheKeysOfRfc9001AndRfc9369() {
        QuicDecryption.Keys first = decryption.keys(QuicInitial.Salt.VERSION_1, ID, ID.length);
        assertThat(first.key.getEncoded()).isEqualTo(hex("1f369613dd76d5467730efcbe3b1a22d"));
        assertThat(first.iv).isEqualTo(hex("fa044b2f42a3fd3b46fb255c"));
        assertThat(first.headerKey.getEncoded()).isEqualTo(hex("9f50449e04a0e810283a1e9933adedd2"));
        QuicDecryption.Keys second = decryption.keys(QuicInitial.Salt.VERSION_2, ID, ID.length);
        assertThat(second.key.getEncoded()).isEqualTo(hex("8b1a0bc121284290a29e0971b5cd045d"));
        assertThat(second.iv).isEqualTo(hex("91f73e2351d8fa91660e909f"));
        assertThat(second.headerKey.getEncoded()).isEqualTo(hex("45b95e15235d6f45a6b19cbcb0294ba9"));
    }

    @Test
    void opensTheClientInitialOfRfc9001() {
        byte[] packet = QuicSealer.seal(
                hex("1f369613dd76d5467730efcbe3b1a22d"),
                hex("fa044b2f42a3fd3b46fb255c"),
                hex("9f50449e04a0e810283a1e9933adedd2"),
                hex("c300000001088394c8f03e5157080000449e00000002"),
                4,
                2,
                Arrays.copyOf(FRAME, 1162));
        assertThat(HexFormat.of().formatHex(packet))
                .startsWith("c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11")
                .endsWith("7e78bfe706ca4cf5e9c5453e9f7cfd2b8b4c8d169a44e55c88d4a9a7f9474241"
                        + "e221af44860018ab0856972e194cd934");
        opens(packet);
    }

    @Test
    void opensTheClientInitialOfRfc9369() {
        byte[] packet = QuicSealer.seal(
                hex("8b1a0bc121284290a29e0971b5cd045d"),
                hex("91f73e2351d8fa91660e909f"),
                hex("45b95e15235d6f45a6b19cbcb0294ba9"),
                hex("d36b3343cf088394c8f03e5157080000449e00000002"),
                4,
                2,
                Arrays.copyOf(FRAME, 1162));
        assertThat(HexFormat.of().formatHex(packet))
                .startsWith("d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485")
                .endsWith("a18b2faa745b6fe189cf772a9f84cbfc");
        opens(packet);
    }

    private void opens(byte[] packet) {
        assertThat(packet).hasSize(1200);
        assertThat(QuicInitial.looksLikeInitial(Bytes.direct(packet), 0, packet.length))
                .isTrue();
        assertThat(add(packet)).isEqualTo(Outcome.COMPLETE);
        assertThat(hello.hello().serverName()).isEqualTo("example.com");
        assertThat(hello.hello().alpn()).containsExactly("alpn");
    }

    @Test
    void doesNotOpenTheServerInitialOfRfc9001() {
        byte[] packet = hex("cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a"
                + "5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3ec2493a1839b3"
                + "dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84"
                + "022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc4"
                + "2158407dd074ee");
        assertThat(add(packet)).isEqualTo(Outcome.UNDECRYPTABLE);
        assertThat(add(packet(1, ID, 0, FRAME))).isEqualTo(Outcome.COMPLETE);
    }

    @Test
    void opensEveryVersionWithKnownKeys() {
        for (int version : new int[] {
            1,
            0x6b3343cf,
            0xff000016,
            0xff000017,
            0xff00001b,
            0xff00001d,
            0xff000020,
            0xff000021,
            0xff000022,
            0xfaceb001,
            0xfaceb002,
            0x1a2a3a4a,
            0x54303531
        }) {
            byte[] packet = packet(version, ID, 0, FRAME);
            assertThat(QuicInitial.looksLikeInitial(Bytes.direct(packet), 0, packet.length))
                    .isTrue();
            hello.reset();
            assertThat(add(packet)).as("version %x", version).isEqualTo(Outcome.COMPLETE);
        }
    }

    @Test
    void passesByWhatIsNoInitialOfAKnownVersion() {
        assertThat(add(new byte[40])).isEqualTo(Outcome.NOT_INITIAL);
        byte[] unknown = packet(1, ID, 0, FRAME);
        unknown[1] = 0x51;
        assertThat(add(unknown)).isEqualTo(Outcome.NOT_INITIAL);
        byte[] negotiation = packet(1, ID, 0, FRAME);
        negotiation[4] = 0;
        assertThat(add(negotiation)).isEqualTo(Outcome.NOT_INITIAL);
        byte[] handshake = packet(1, ID, 0, FRAME);
        handshake[0] |= 0x20;
        assertThat(QuicInitial.looksLikeInitial(Bytes.direct(handshake), 0, handshake.length))
                .isFalse();
    }

    @Test
    void putsFramesTogetherInAnyOrderOverSeveralDatagrams() {
        long seed = 20261124;
        Random random = new Random(seed);
        byte[] message = HelloBuilder.chrome("registry-1.docker.io", 0x6a6a)
                .mlKemKeyShare()
                .ech()
                .message();
        for (int round = 0; round < 200; round++) {
            List<byte[]> frames = new ArrayList<>();
            for (int at = 0; at < message.length; ) {
                int length = Math.min(message.length - at, 20 + random.nextInt(300));
                // Overlaps what comes next by some bytes.
                int more = Math.min(message.length - at - length, random.nextInt(30));
                frames.add(crypto(at, Arrays.copyOfRange(message, at, at + length + more)));
                at += length;
            }
            Collections.shuffle(frames, random);
            hello.reset();
            Outcome outcome = Outcome.INCOMPLETE;
            int number = random.nextInt(1000);
            for (int i = 0; i < frames.size(); ) {
                byte[] payload =
                        random.nextBoolean() ? bytes(1, 0, 0) : bytes(2, 5, 0, 1, 0, 2, 1, 3, 0, 0, 0, 0, 1, 1, 1);
                for (int n = 1 + random.nextInt(3); n > 0 && i < frames.size(); n--) {
                    payload = join(payload, frames.get(i++), new byte[random.nextInt(3)]);
                }
                outcome = add(packet(1, ID, number++, payload));
                assertThat(outcome).as("seed %d, round %d", seed, round).isIn(Outcome.INCOMPLETE, Outcome.COMPLETE);
            }
            assertThat(outcome).as("seed %d, round %d", seed, round).isEqualTo(Outcome.COMPLETE);
            assertThat(hello.hello().serverName()).isEqualTo("registry-1.docker.io");
            assertThat(hello.hello().length()).isEqualTo(message.length);
            assertThat(hello.shed()).isZero();
        }
    }

    @Test
    void readsCoalescedPacketsAndSkipsOtherTypes() {
        byte[] zeroRtt = join(bytes(0xd0, 0, 0, 0, 1, 8), ID, bytes(0, 40), new byte[40]);
        byte[] message = HelloBuilder.dockerd("example.org").message();
        byte[] half = Arrays.copyOf(message, 100);
        byte[] rest = Arrays.copyOfRange(message, 100, message.length);
        assertThat(add(join(packet(1, ID, 0, crypto(0, half)), zeroRtt, packet(1, ID, 1, crypto(100, rest)))))
                .isEqualTo(Outcome.COMPLETE);
        assertThat(hello.hello().serverName()).isEqualTo("example.org");
    }

    @Test
    void keepsTheFirstKeysWhenTheServerChoosesAnotherId() {
        byte[] message = HelloBuilder.dockerd("example.org").message();
        assertThat(add(packet(1, ID, 0, crypto(0, Arrays.copyOf(message, 100)))))
                .isEqualTo(Outcome.INCOMPLETE);
        byte[] later =
                packetTo(1, ID, bytes(9, 9, 9, 9), 1, crypto(100, Arrays.copyOfRange(message, 100, message.length)));
        assertThat(add(later)).isEqualTo(Outcome.COMPLETE);
    }

    @Test
    void takesNewKeysAfterARetry() {
        byte[] message = HelloBuilder.dockerd("example.org").message();
        byte[] other = bytes(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(add(packet(1, ID, 0, crypto(0, Arrays.copyOf(message, 100)))))
                .isEqualTo(Outcome.INCOMPLETE);
        assertThat(add(packet(1, other, 1, crypto(0, message)))).isEqualTo(Outcome.COMPLETE);
        assertThat(add(packet(1, other, 2, crypto(0, message)))).isEqualTo(Outcome.COMPLETE);
    }

    @Test
    void changesKeysWithTheVersionOfTheSameConnection() {
        byte[] message = HelloBuilder.dockerd("example.org").message();
        assertThat(add(packet(1, ID, 0, crypto(0, Arrays.copyOf(message, 100)))))
                .isEqualTo(Outcome.INCOMPLETE);
        byte[] rest = crypto(100, Arrays.copyOfRange(message, 100, message.length));
        assertThat(add(packetTo(0x6b3343cf, ID, bytes(4, 4, 4, 4), 1, rest))).isEqualTo(Outcome.COMPLETE);
    }

    @Test
    void givesTheNameOfAPacketThatTheCaptureHasCut() {
        byte[] packet = packet(1, ID, 0, join(FRAME, new byte[900]));
        assertThat(add(Arrays.copyOf(packet, 160))).isEqualTo(Outcome.INCOMPLETE);
        assertThat(hello.hello().serverName()).isEqualTo("example.com");
        assertThat(hello.hello().hasRandom()).isTrue();
    }

    @Test
    void shedsAndCountsWhatPassesItsBounds() {
        assertThat(add(packet(1, ID, 0, crypto(70_000, new byte[50])))).isEqualTo(Outcome.INCOMPLETE);
        assertThat(hello.shed()).isEqualTo(50);
        for (int i = 0; i < 100; i++) {
            add(packet(1, ID, 1 + i, crypto(100 + 20 * i, new byte[10])));
        }
        assertThat(hello.shed()).isEqualTo(50 + 10 * (100 - QuicHello.MAX_GAPS));
    }

    @Test
    void saysWhenTheStreamIsNoHello() {
        assertThat(add(packet(1, ID, 0, crypto(0, bytes(2, 0, 0, 80, 3, 3))))).isEqualTo(Outcome.NOT_A_HELLO);
    }

    @Test
    void survivesMutationsOfPacketsAndOfFrames() {
        long seed = 9001;
        Random random = new Random(seed);
        byte[] packet = packet(1, ID, 0, join(bytes(2, 5, 0, 1, 0, 2, 1), FRAME, new byte[20]));
        for (int i = 0; i < 4_000; i++) {
            byte[] damaged = Bytes.mutated(random, packet);
            int length = random.nextInt(3) == 0 ? random.nextInt(damaged.length + 1) : damaged.length;
            byte[] inner = packet(1, ID, i, Bytes.mutated(random, join(bytes(2, 5, 0, 1, 0, 2, 1), FRAME)));
            String[] seen = new String[2];
            for (int poison = 0; poison < 2; poison++) {
                QuicHello fresh = new QuicHello(decryption);
                Outcome first = fresh.add(
                        Bytes.poisoned(2L * i + poison, Arrays.copyOf(damaged, length)),
                        Bytes.MARGIN,
                        Bytes.MARGIN + length);
                Outcome second = fresh.add(Bytes.direct(inner), 0, inner.length);
                seen[poison] = first + " " + second + " " + fresh.hello().serverName();
            }
            assertThat(seen[0]).as("seed %d, round %d", seed, i).isEqualTo(seen[1]);
        }
    }

    private static byte[] crypto(int offset, byte[] part) {
        return join(bytes(6), number(4, 0x80000000L | offset), number(2, 0x4000 | part.length), part);
    }

    private byte[] packet(int version, byte[] id, int number, byte[] payload) {
        return packetTo(version, id, id, number, payload);
    }

    /** An Initial to {@code id} under the keys of {@code keyId}; short payloads are padded. */
    private byte[] packetTo(int version, byte[] keyId, byte[] id, int number, byte[] payload) {
        byte[] padded = Arrays.copyOf(payload, Math.max(payload.length, 24));
        int first = version == 0x6b3343cf ? 0xd1 : 0xc1;
        byte[] header = join(
                bytes(first),
                number(4, version),
                bytes(id.length),
                id,
                bytes(0, 3, 7, 7, 7),
                number(2, 0x4000 | 2 + padded.length + 16),
                number(2, number));
        QuicInitial parsed = new QuicInitial();
        parsed.parse(Bytes.direct(header), 0, header.length);
        QuicDecryption.Keys keys = decryption.keys(parsed.salt, keyId, keyId.length);
        return QuicSealer.seal(keys.key.getEncoded(), keys.iv, keys.headerKey.getEncoded(), header, 2, number, padded);
    }
}
