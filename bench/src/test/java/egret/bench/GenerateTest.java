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
                .isEqualTo("51f77ebe439ade2492ecf95d228042e480d6112baf58cd5ffaf5a905ef1aa587");
        assertThat(sha256(capture(Profile.SMALL, 7, CaptureFile.Format.PCAP)))
                .isEqualTo("b703d9c215a846101ad2abc64f22165572ecfd108b3ec9c2bc5ddeed865f5bbf");
        assertThat(sha256(capture(Profile.SMALL, 7, CaptureFile.Format.PCAPNG)))
                .isEqualTo("e80f7d69641705720f8db78e407035268f2c55cb8493502888a9b00938979555");
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
