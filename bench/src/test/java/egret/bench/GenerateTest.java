// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class GenerateTest {
    private static final int PACKETS = 10_000;

    /** Whoever changes what is generated changes these, and says so: measurements before and after do not compare. */
    @Test
    void sameSeedGivesTheSameBytesOnEveryMachine() throws Exception {
        assertThat(sha256(capture(Profile.FULL, 7, CaptureFile.Format.PCAP)))
                .isEqualTo("b46fac874a2906071475ddcb7551709d66a4f23d1c6f9326e5c0f7b5368ac626");
        assertThat(sha256(capture(Profile.SMALL, 7, CaptureFile.Format.PCAP)))
                .isEqualTo("8bbc611f05aff9253aaf28dfccb917e0dc45e936b033312843c1a6e2cc9e8a4f");
        assertThat(sha256(capture(Profile.SMALL, 7, CaptureFile.Format.PCAPNG)))
                .isEqualTo("cee721f4ebe10eed8a024b30d0567be2ce59568209314e6b83458cee067e4409");
    }

    @Test
    void anotherSeedGivesOtherBytes() throws Exception {
        assertThat(capture(Profile.SMALL, 8, CaptureFile.Format.PCAP))
                .isNotEqualTo(capture(Profile.SMALL, 7, CaptureFile.Format.PCAP));
    }

    private static byte[] capture(Profile profile, long seed, CaptureFile.Format format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CaptureFile file = new CaptureFile(Channels.newChannel(bytes), format)) {
            new Traffic(seed).write(file, profile, PACKETS);
            assertThat(file.packets()).isEqualTo(PACKETS);
        }
        return bytes.toByteArray();
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
