// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.InputFile;
import egret.analyzer.inspect.Inspection;
import egret.capture.count.EvidenceGaps;
import egret.rules.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgretTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Fake fake = new Fake();
    private final ReplayLive live = new ReplayLive(ReplayLive.INCIDENT, 1e6, false);

    /** Answers as it was told, and remembers what it was asked. */
    private static final class Fake implements Analysis {
        private final List<AnalyzeRequest> requests = new ArrayList<>();
        private final List<String> severities = new ArrayList<>();
        private @Nullable String error;
        private @Nullable RuntimeException bug;
        private long packets = 3;

        @Override
        public Answer analyze(AnalyzeRequest request, Progress progress) {
            if (bug != null) {
                throw bug;
            }
            requests.add(request);
            List<InputFile> files = new ArrayList<>();
            for (String path : request.files()) {
                files.add(new InputFile(path, packets, 300, null, error));
            }
            List<Alert> alerts = new ArrayList<>();
            for (String severity : severities) {
                alerts.add(new Alert("rule", "docker-hub", severity, false, "", 1, 2L, 1, 1, 60, List.of()));
            }
            Input input = new Input(
                    files,
                    List.of(),
                    1,
                    2,
                    List.of("10.0.0.0/8"),
                    request.inside().guessed());
            return new Answer(input, List.of(), List.of(), List.of(), alerts, EvidenceGaps.NONE);
        }

        @Override
        public Inspection inspect(String file, Progress progress) {
            return Inspection.unreadable(file, error == null ? "no such thing" : error);
        }
    }

    private int run(String... words) {
        return run(new StandardOutput(out, false), words);
    }

    private int run(StandardOutput output, String... words) {
        PrintStream talk = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Egret(new Terminal(output, talk, false, false), fake, live, "1.2.3").run(words);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "analyze|egret analyze: missing required parameter: 'FILE'. Try: egret analyze --help",
                "analyze --jsn a.pcap|egret analyze: unknown option: '--jsn'; did you mean --json? Try: egret analyze --help",
                "anlyze a.pcap|egret: unmatched arguments from index 0: 'anlyze', 'a.pcap'; did you mean analyze? Try: egret --help",
                "analyze --inside 10.0.0.0/33 a|egret analyze: --inside takes a network like 10.0.0.0/8, not '10.0.0.0/33'. Try: egret analyze --help",
                "analyze --fail-on bad a|egret analyze: --fail-on takes info, warning or critical, not 'bad'. Try: egret analyze --help",
                "analyze --threads 0 a|egret analyze: --threads takes a number from 1 to 1024, not '0'. Try: egret analyze --help",
                "analyze --threads x a|egret analyze: --threads takes a number from 1 to 1024, not 'x'. Try: egret analyze --help",
                "analyze --color red a|egret analyze: --color takes never, always or auto, not 'red'. Try: egret analyze --help",
                "analyze --rules /nowhere/r.yaml a|egret: there is no rules file '/nowhere/r.yaml'. Try: egret analyze --help",
                "analyze - -|egret analyze: standard input (-) can be given only once. Try: egret analyze --help",
                "inspect|egret inspect: missing required parameter: 'FILE'. Try: egret inspect --help",
                "rules|egret rules: which command? There are check, show. Try: egret rules --help",
            })
    void answersBadUsageWithOneSentenceAndTwo(String line, String sentence) {
        assertThat(run(line.split(" "))).isEqualTo(Egret.USAGE);

        assertThat(err()).isEqualTo(sentence + "\n");
        assertThat(out()).isEmpty();
        assertThat(fake.requests).isEmpty();
    }

    @Test
    void showsHelpWhenThereAreNoWords() {
        assertThat(run()).isEqualTo(Egret.USAGE);

        assertThat(err()).startsWith("Usage: egret").contains("egret analyze FILE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-h",
                "analyze --help",
                "inspect -h",
                "watch --help",
                "interfaces --help",
                "rules --help",
                "rules check --help",
                "rules show -h"
            })
    void helpIsDataAndFitsThePage(String line) {
        assertThat(run(line.split(" "))).isEqualTo(Egret.DONE);

        assertThat(out()).startsWith("Usage: egret").doesNotContain("--debug", "--width", "--ready-file", "\u001b");
        assertThat(out().lines()).allSatisfy(text -> assertThat(text.length()).isLessThanOrEqualTo(100));
        assertThat(err()).isEmpty();
    }

    @Test
    void helpForAnalyzeHasExamples() {
        run("analyze", "--help");

        assertThat(out()).contains("--fail-on", "Examples:", "tcpdump -i eth0 -w - | egret analyze -");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V"})
    void printsItsVersion(String word) {
        assertThat(run(word)).isEqualTo(Egret.DONE);

        assertThat(out()).isEqualTo("egret 1.2.3\n");
    }

    @Test
    void passesOnWhatWasAsked() {
        int code = run("analyze", "--inside", "10.0.0.0/8", "a.pcap", "--inside=2001:db8::/32", "--threads", "2", "-");

        assertThat(code).isEqualTo(Egret.DONE);
        AnalyzeRequest request = fake.requests.get(0);
        assertThat(request.files()).containsExactly("a.pcap", "-");
        assertThat(request.inside().prefixes()).hasToString("[10.0.0.0/8, 2001:db8::/32]");
        assertThat(request.threads()).isEqualTo(2);
        assertThat(request.rules().endpoints()).isNotEmpty();
    }

    @Test
    void passesOnWhoseLogsThereAre() {
        run("analyze", "--log", "10.0.1.11=h1=old.log", "--log", "b=c.log.gz", "a.pcap");

        assertThat(fake.requests.get(0).logs())
                .containsExactly(
                        new LogFile("h1=old.log", IpAddress.parse("10.0.1.11")), new LogFile("b=c.log.gz", null));
    }

    @Test
    void standardInputIsTheCaptureOrTheLog() {
        assertThat(run("analyze", "--log=-", "-")).isEqualTo(Egret.USAGE);
        assertThat(err()).contains("standard input (-) can be given only once");
    }

    @Test
    void guessesTheInsideWhenNotTold() {
        run("analyze", "a.pcap");

        assertThat(fake.requests.get(0).inside().guessed()).isTrue();
        assertThat(out()).contains("Inside networks, guessed");
    }

    @ParameterizedTest
    @CsvSource({
        "warning,critical,4",
        "warning,warning,4",
        "warning,info,0",
        "info,info,4",
        "critical,warning,0",
        "critical,new,4"
    })
    void failsOnAnAlertOfTheSeverityOrWorse(String failOn, String raised, int code) {
        fake.severities.add(raised);

        assertThat(run("analyze", "--fail-on", failOn, "a.pcap")).isEqualTo(code);
        assertThat(out()).isNotEmpty();
    }

    @Test
    void doesNotFailOnAlertsUnlessAsked() {
        fake.severities.add("critical");

        assertThat(run("analyze", "a.pcap")).isEqualTo(Egret.DONE);
    }

    @Test
    void saysWhatCouldNotBeReadAndAnswersFromTheRest() {
        fake.error = "a.pcap: bad\u001b[2J at 7";

        assertThat(run("analyze", "a.pcap")).isEqualTo(Egret.UNREADABLE);

        assertThat(err()).isEqualTo("egret: a.pcap: bad\\x1b[2J at 7\n");
        assertThat(out()).contains("not read to its end");
    }

    @Test
    void printsNoPageWhenNothingCouldBeRead() throws IOException {
        fake.error = "a.pcap: there is no such file";
        fake.packets = 0;

        assertThat(run("analyze", "a.pcap")).isEqualTo(Egret.UNREADABLE);
        assertThat(out()).isEmpty();
        assertThat(run("analyze", "--json", "a.pcap")).isEqualTo(Egret.UNREADABLE);
        assertThat(new ObjectMapper().readTree(out()).at("/input/files/0/error").asText())
                .isEqualTo("a.pcap: there is no such file");
    }

    @Test
    void anAlertIsStrongerNewsThanAnUnreadableFile() {
        fake.error = "b.pcap: cut";
        fake.severities.add("critical");

        assertThat(run("analyze", "--fail-on", "info", "b.pcap")).isEqualTo(Egret.ALERT);
        assertThat(err()).contains("b.pcap: cut");
    }

    @Test
    void inspectsEachFileIntoALineOfJson() throws IOException {
        fake.error = "cannot be read";

        assertThat(run("inspect", "--json", "a.pcap", "b.pcap")).isEqualTo(Egret.UNREADABLE);

        List<String> lines = out().lines().toList();
        assertThat(lines).hasSize(2);
        JsonNode second = new ObjectMapper().readTree(lines.get(1));
        assertThat(second.get("file").asText()).isEqualTo("b.pcap");
        assertThat(second.get("error").asText()).isEqualTo("cannot be read");
    }

    @Test
    void tellsABugInOneSentenceWithoutAStackTrace() {
        fake.bug = new IllegalStateException("no \u001b[2Jtable");

        assertThat(run("analyze", "a.pcap")).isEqualTo(Egret.INTERNAL_FAILURE);

        assertThat(err())
                .isEqualTo("egret: internal failure: java.lang.IllegalStateException: no \\x1b[2Jtable."
                        + " This is a bug in Egret; add --debug for where it is, and report it\n");
    }

    @Test
    void showsTheStackTraceOfABugWhenAsked() {
        fake.bug = new IllegalStateException("no table");

        run("analyze", "--debug", "a.pcap");

        assertThat(err()).contains("at egret.analyzer.command.");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesQuietlyWhenItsReaderIsGone(boolean pipe) {
        StandardOutput gone = new StandardOutput(failing(pipe ? "Datenübergabe unterbrochen" : "Broken pipe"), pipe);

        assertThat(run(gone, "analyze", "a.pcap")).isEqualTo(Egret.DONE);
        assertThat(err()).isEmpty();
        assertThat(gone.abandoned()).isTrue();
    }

    @Test
    void saysThatTheDiskIsFull() {
        StandardOutput full = new StandardOutput(failing("No space left on device"), false);

        assertThat(run(full, "analyze", "a.pcap")).isEqualTo(Egret.INTERNAL_FAILURE);
        assertThat(err()).isEqualTo("egret: cannot write the output: No space left on device\n");
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @Test
    void coloursOnlyWhenAsked() {
        run("analyze", "a.pcap");
        assertThat(out()).doesNotContain("\u001b");
        run("analyze", "--color", "always", "a.pcap");
        assertThat(out()).contains("\u001b[1m");
    }

    @Test
    void checksAndShowsRules(@TempDir Path directory) throws IOException {
        Path good = directory.resolve("good.yaml");
        assertThat(run("rules", "show")).isEqualTo(Egret.DONE);
        Files.writeString(good, out());
        Path bad = Files.writeString(directory.resolve("bad.yaml"), "endpoints: 7\nthresholds: 8\n");

        assertThat(run("rules", "check", good.toString())).isEqualTo(Egret.DONE);
        assertThat(out()).contains("good.yaml: in order");
        assertThat(err()).isEmpty();
        assertThat(run("rules", "check", bad.toString(), good.toString())).isEqualTo(Egret.USAGE);
        assertThat(err().lines()).hasSize(2).allMatch(line -> line.startsWith(bad + ":"));
        assertThat(run("analyze", "--rules", bad.toString(), "a.pcap")).isEqualTo(Egret.USAGE);
        assertThat(fake.requests).isEmpty();
    }
}
