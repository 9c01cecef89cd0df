// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SocketFilterTest {
    private static final int LOAD_LENGTH = 0x80;
    private static final int JUMP_IF_GREATER_OR_EQUAL = 0x35;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int JUMP = 0x05;

    private static long instruction(int code, int yes, int no, long operand) {
        return code | (long) yes << 16 | (long) no << 24 | operand << 32;
    }

    /** Takes packets of these lengths. */
    private static long[] lengths(int from, int to, int keep) {
        return new long[] {
            instruction(LOAD_LENGTH, 0, 0, 0),
            instruction(JUMP_IF_GREATER_OR_EQUAL, 0, 2, from),
            instruction(JUMP_IF_GREATER_OR_EQUAL, 1, 0, to),
            instruction(RETURN, 0, 0, keep),
            instruction(RETURN, 0, 0, 0)
        };
    }

    /** Two ways out that take, the first one in the middle. */
    private static long[] equalTo(int one, int other) {
        return new long[] {
            instruction(LOAD_LENGTH, 0, 0, 0),
            instruction(JUMP_IF_EQUAL, 0, 1, one),
            instruction(RETURN, 0, 0, 500),
            instruction(JUMP_IF_EQUAL, 1, 0, other),
            instruction(RETURN, 0, 0, 0),
            instruction(RETURN, 0, 0, 600)
        };
    }

    private static long run(long[] program, long length) {
        long accumulator = 0;
        int at = 0;
        for (int steps = 0; steps < 1000; steps++) {
            long now = program[at++];
            long operand = now >>> 32;
            int yes = (int) (now >>> 16) & 0xff;
            int no = (int) (now >>> 24) & 0xff;
            switch ((int) now & 0xffff) {
                case LOAD_LENGTH -> accumulator = length;
                case JUMP_IF_EQUAL -> at += accumulator == operand ? yes : no;
                case JUMP_IF_GREATER_OR_EQUAL -> at += accumulator >= operand ? yes : no;
                case JUMP -> at += (int) operand;
                case RETURN -> {
                    return operand;
                }
                default -> throw new IllegalStateException("code " + now);
            }
        }
        throw new IllegalStateException("endless");
    }

    @Test
    void everythingIsKeptUpToTheLength() {
        assertThat(run(SocketFilter.everything(4096), 60)).isEqualTo(4096);
    }

    @Test
    void bothTakeWhatEachOfThemTakes() {
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            long[] first = random.nextBoolean()
                    ? lengths(random.nextInt(50), random.nextInt(100), 1 + random.nextInt(9))
                    : equalTo(random.nextInt(100), random.nextInt(100));
            long[] second = random.nextBoolean()
                    ? lengths(random.nextInt(50), random.nextInt(100), 1 + random.nextInt(9))
                    : equalTo(random.nextInt(100), random.nextInt(100));
            long[] both = SocketFilter.both(first, second);
            for (int length = 0; length < 110; length++) {
                assertThat(run(both, length)).isEqualTo(run(first, length) == 0 ? 0 : run(second, length));
            }
        }
    }
}
