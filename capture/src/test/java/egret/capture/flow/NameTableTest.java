// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NameTableTest {
    private final NameTable names = new NameTable();
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(300);

    private int put(String name) {
        for (int i = 0; i < name.length(); i++) {
            bytes.put(7 + i, (byte) name.charAt(i));
        }
        return name.length();
    }

    private int connected(String name) {
        return names.intern(bytes, 7, put(name));
    }

    private int asked(String name) {
        return names.internAsked(bytes, 7, put(name));
    }

    @Test
    void namesThatDifferInCaseOnlyAreOne() {
        assertThat(connected("Registry-1.DOCKER.io")).isEqualTo(connected("registry-1.docker.io"));
        assertThat(connected("DB")).isEqualTo(asked("db"));
        assertThat(names.name(connected("Registry-1.DOCKER.IO"))).isEqualTo("registry-1.docker.io");
        assertThat(names.size()).isEqualTo(3);
    }

    @Test
    void everyByteIsLoweredAsAsciiIs() {
        for (int value = 0; value < 256; value++) {
            long expected = value >= 'A' && value <= 'Z' ? value + 32 : value;
            for (int at = 0; at < 64; at += 8) {
                long around = 0x41ff_5a40_5b7f_80c1L & ~(0xffL << at);
                long lowered = NameTable.lower(around | ((long) value << at));
                assertThat(lowered >>> at & 0xff).as("byte %d", value).isEqualTo(expected);
                assertThat(lowered & ~(0xffL << at)).isEqualTo(0x61ff_7a40_5b7f_80c1L & ~(0xffL << at));
            }
        }
    }

    @Test
    void aNameThatIsTooLongIsCut() {
        String longest = "a".repeat(255);
        assertThat(connected(longest + "bc")).isEqualTo(connected(longest));
        assertThat(connected("")).isZero();
    }

    @Test
    void aFullTableLearnsNewNamesForThoseLongestUnseen() {
        int first = connected("first.example.org");
        for (int i = 0; i < 4 * NameTable.MOST; i++) {
            assertThat(names.name(connected("n" + i + ".example.org"))).isEqualTo("n" + i + ".example.org");
            connected("registry-1.docker.io");
        }

        int before = connected("registry-1.docker.io");
        assertThat(names.size()).isLessThanOrEqualTo(NameTable.MOST + 1);
        assertThat(names.name(before)).isEqualTo("registry-1.docker.io");
        assertThat(names.shed()).isZero();
        assertThat(names.held(first)).isZero();
        assertThat(names.name(first)).isEmpty();
        assertThat(names.shed()).isEqualTo(2);
        assertThat(connected("first.example.org")).isNotEqualTo(first).isPositive();
    }

    @Test
    void aFloodOfQuestionsLeavesNamesOfConnectionsThere() {
        int[] numbers = new int[10_000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = connected("c" + i + ".example.org");
        }
        for (int i = 0; i < 4 * NameTable.MOST; i++) {
            asked("q" + i + ".example.org");
        }

        int there = 0;
        for (int number : numbers) {
            there += names.held(number) == number ? 1 : 0;
        }
        assertThat(there).isGreaterThan(9_990);
        assertThat(names.name(asked("new.example.org"))).isEqualTo("new.example.org");
    }

    @Test
    void aNumberIsAlwaysOfTheNameItWasGivenFor() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Integer, String> model = new HashMap<>();
        for (int i = 0; i < 1_500_000; i++) {
            int n = random.nextInt(700_000);
            String name = (n % 3 == 0 ? "A" : "") + "Host" + n + (n % 2 == 0 ? ".Example.ORG" : "");
            int number = random.nextBoolean() ? connected(name) : asked(name);
            model.put(number, name.toLowerCase(Locale.ROOT));
            assertThat(names.name(number)).as("seed %d", seed).isEqualTo(name.toLowerCase(Locale.ROOT));
            assertThat(NameTable.place(number)).isBetween(1, NameTable.MOST);
        }
        for (Map.Entry<Integer, String> given : model.entrySet()) {
            assertThat(names.name(given.getKey())).as("seed %d", seed).isIn(given.getValue(), "");
        }
    }

    @Test
    void aStringIsTheSameNameAsItsBytes() {
        assertThat(names.intern("hub.docker.com")).isEqualTo(connected("hub.docker.com"));
        byte[] raw = "hub.docker.com".getBytes(StandardCharsets.US_ASCII);
        assertThat(names.intern(ByteBuffer.wrap(raw), 0, raw.length)).isEqualTo(connected("HUB.docker.com"));
    }
}
