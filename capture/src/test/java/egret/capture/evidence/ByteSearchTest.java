// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteSearchTest {
    @Test
    void findsWhatALoopFinds() {
        long seed = 20_261_125;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] b = new byte[random.nextInt(40)];
            for (int i = 0; i < b.length; i++) {
                b[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : 'a' + random.nextInt(2));
            }
            int from = random.nextInt(b.length + 1);
            int to = from + random.nextInt(b.length - from + 1);
            byte what = (byte) (random.nextBoolean() ? 'b' : random.nextInt(256));
            int at = from;
            while (at < to && b[at] != what) {
                at++;
            }
            assertThat(ByteSearch.find(b, from, to, what))
                    .as("seed " + seed + " round " + round)
                    .isEqualTo(at);
        }
    }

    @Test
    void aQuoteBehindAnOddNumberOfBackslashesIsNoEnd() {
        assertThat(end("abc\" x")).isEqualTo(3);
        assertThat(end("a\\\"bc\" x")).isEqualTo(5);
        assertThat(end("a\\\\\" x")).isEqualTo(3);
        assertThat(end("a\\\\\\\"bcdefgh\" x")).isEqualTo(12);
        assertThat(end("a\\\"")).isEqualTo(3);
        assertThat(end("")).isZero();
    }

    private static int end(String text) {
        byte[] b = text.getBytes(StandardCharsets.US_ASCII);
        return LogFields.endOfQuoted(b, 0, b.length);
    }
}
