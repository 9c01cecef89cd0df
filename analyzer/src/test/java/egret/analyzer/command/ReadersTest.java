// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The quick reader may give up, but what it reads is what picocli reads. */
class ReadersTest {
    private static final List<String> WORDS = List.of(
            "--json",
            "--inside",
            "10.0.0.0/8",
            "--inside=fd00::/8",
            "--rules",
            "r.yaml",
            "--rules=",
            "--fail-on",
            "critical",
            "--fail-on=info",
            "--threads",
            "2",
            "-",
            "--",
            "a.pcap",
            "b.pcap",
            "--color",
            "--color=never",
            "--no-color",
            "--quiet",
            "--json=true",
            "--debug",
            "--width",
            "90",
            "--help",
            "-h",
            "-x",
            "@a",
            "",
            "--nope",
            "check",
            "show",
            "analyze",
            "\"quoted\"",
            "'quoted'",
            "--js",
            "-V",
            "a=b",
            "--threads=\"3\"",
            "-i",
            "eth0",
            "-i=eth1",
            "-ieth2",
            "--interface",
            "--interface=any",
            "-w",
            "-c",
            "9",
            "-C=5",
            "--plain",
            "--owner",
            "-s",
            "port",
            "=",
            "-i=",
            "--interface=a=b");
    private static final List<String> COMMANDS =
            List.of("analyze", "inspect", "watch", "interfaces", "rules", "rules check", "rules show");

    @Test
    void agreeOnEveryCommandLineThatBothRead() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int both = 0;
        for (int round = 0; round < 4_000; round++) {
            List<String> line = new ArrayList<>(
                    List.of(COMMANDS.get(random.nextInt(COMMANDS.size())).split(" ")));
            for (int count = random.nextInt(7); count > 0; count--) {
                line.add(WORDS.get(random.nextInt(WORDS.size())));
            }
            String[] words = line.toArray(new String[0]);
            Arguments quick = QuickReader.read(words);
            if (quick != null) {
                assertThat(quick).as("seed %d: %s", seed, line).isEqualTo(picocli(words));
                both++;
            }
        }
        assertThat(both).as("seed %d", seed).isGreaterThan(50);
    }

    private static @Nullable Arguments picocli(String... words) throws UsageException {
        return new PicocliReader("0").read(new StringBuilder(), false, words);
    }

    @Test
    void quickReaderReadsOrdinaryLines() {
        assertThat(QuickReader.read("analyze", "a.pcap")).isNotNull();
        assertThat(QuickReader.read("analyze", "--json", "--inside", "10.0.0.0/8", "--rules=r.yaml", "-"))
                .isNotNull();
        assertThat(QuickReader.read("inspect", "--json", "a.pcap", "b.pcap")).isNotNull();
        assertThat(QuickReader.read("watch", "-i", "eth0", "-c=9", "tcp", "port", "443"))
                .isNotNull()
                .satisfies(
                        arguments -> assertThat(arguments.values("--interface")).containsExactly("eth0"));
    }

    @Test
    void quickReaderLeavesTheRestToPicocli() {
        assertThat(QuickReader.read()).isNull();
        assertThat(QuickReader.read("analyze")).isNull();
        assertThat(QuickReader.read("analyze", "--help", "a.pcap")).isNull();
        assertThat(QuickReader.read("analyze", "--json", "--json", "a.pcap")).isNull();
        assertThat(QuickReader.read("analyze", "--rules", "--json", "a.pcap")).isNull();
        assertThat(QuickReader.read("rules", "show")).isNull();
    }
}
