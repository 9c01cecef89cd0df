// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Sha256Test {
    @Test
    void equalsTheJdksForEveryLengthAroundTheBlocks() throws Exception {
        Random random = new Random(4);
        for (int length = 0; length < 300; length++) {
            byte[] input = new byte[length];
            random.nextBytes(input);
            assertThat(Sha256.digest(input))
                    .as("length %d, seed 4", length)
                    .isEqualTo(MessageDigest.getInstance("SHA-256").digest(input));
        }
    }
}
