// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.count.Basis;
import egret.capture.count.RequestCount;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0;0",
                "999;999",
                "1000;1,000",
                "-1000;-1,000",
                "1234567;1,234,567",
                "9223372036854775807;9,223,372,036,854,775,807"
            })
    void groupsThousands(long number, String text) {
        assertThat(Figures.grouped(number)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0,0.0 %", "1,100.0 %", "0.0004,<0.1 %", "0.9996,>99.9 %", "0.5,50.0 %", "0.98124,98.1 %", "1.5,150.0 %"
    })
    void neverRoundsAShareToNothingOrAll(double share, String text) {
        assertThat(Figures.percent(share)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "1,1 byte",
        "999,999 bytes",
        "1000,1.0 kB",
        "1400000,1.4 MB",
        "999999,1.0 MB",
        "9223372036854775807,9.2 EB"
    })
    void writesBytes(long bytes, String text) {
        assertThat(Figures.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.04,0.0 s", "2,2.0 s", "60,60 s", "179.75,3 min", "310,5 min 10 s", "7200,2 h", "11040,3 h 4 min"})
    void writesDurations(double seconds, String text) {
        assertThat(Figures.duration(seconds)).isEqualTo(text);
    }

    @Test
    void writesRequestsWithTheirError() {
        assertThat(Figures.requests(new RequestCount(1200, 1200, 1200, Basis.EXACT)))
                .isEqualTo("1,200");
        assertThat(Figures.requests(new RequestCount(1200, 1180, 1250, Basis.ESTIMATED)))
                .isEqualTo("1,200 ±50");
        assertThat(Figures.requests(new RequestCount(1200, 1200, 9000, Basis.AT_LEAST)))
                .isEqualTo("≥ 1,200");
    }

    @Test
    void writesTimesAsJavaTimeDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        DateTimeFormatter clock = DateTimeFormatter.ofPattern("HH:mm:ss");
        for (int round = 0; round < 5_000; round++) {
            long second = random.nextLong(-9_000_000_000L, 9_000_000_000L);
            int fraction = List.of(0, 250_000_000, 123_456_000, random.nextInt(1_000_000_000))
                    .get(round % 4);
            long nanos = second * 1_000_000_000 + fraction;
            Instant instant = Instant.ofEpochSecond(second, fraction);

            assertThat(UtcTime.rfc3339(nanos)).as("seed %d", seed).isEqualTo(instant.toString());
            assertThat(UtcTime.clock(nanos))
                    .as("seed %d", seed)
                    .isEqualTo(clock.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)));
        }
    }

    @Test
    void sharesAddUpToOneHundredPercent() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Shares shares = new Shares();
            for (int parts = 1 + random.nextInt(12); parts > 0; parts--) {
                shares.add("part", 1 + random.nextLong(1L << (1 + random.nextInt(40))));
            }

            int sum = 0;
            for (int tenths : shares.tenths()) {
                sum += tenths;
            }

            assertThat(sum).as("seed %d", seed).isEqualTo(1000);
        }
    }

    @Test
    void sharesOfNothingAreNone() {
        Shares shares = new Shares();
        shares.add("part", 0);

        assertThat(shares.tenths()).isEmpty();
    }

    @Test
    void sparklinesStandOnOneSpanAndOneScale() {
        Sparkline line = new Sparkline(100, 109, 1, 5);

        assertThat(line.cells()).isEqualTo(5);
        assertThat(line.sums(List.of(1L, 1L, 1L, 100L), 98)).containsExactly(101, 0, 0, 0, 0);
        assertThat(line.sums(List.of(8L, 0L, 1L, 3L, 4L), 102)).containsExactly(0, 8, 4, 4, 0);
        assertThat(Sparkline.draw(new long[] {0, 8, 4, 1, 0}, 8)).isEqualTo("·█▄▁·");
        assertThat(new Sparkline(0, 1_000_000_000_000L, 60, 40).cells()).isLessThanOrEqualTo(40);
    }

    @Test
    void sparklineHoldsWholeStepsInACell() {
        Sparkline line = new Sparkline(100, 199, 15, 20);

        assertThat(line.secondsPerCell()).isEqualTo(15);
        assertThat(line.sums(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L), 95)).containsExactly(3, 3, 4, 5, 6, 7, 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "a.pcap|a.pcap",
                "a b.pcap|'a b.pcap'",
                "-r.pcap|./-r.pcap",
                "it's|'it'\"'\"'s'",
                "$(reboot)|'$(reboot)'"
            })
    void quotesAPathForTheShell(String path, String word) {
        assertThat(ShellWord.of(path)).isEqualTo(word);
    }

    @Test
    void givesNoShellWordForAHostilePath() {
        assertThat(ShellWord.of("a\nb")).isNull();
        assertThat(ShellWord.of("a".repeat(300))).isNull();
    }
}
