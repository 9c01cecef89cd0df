// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.watch.Status;
import egret.capture.count.CountSink;
import egret.rules.Clients;
import egret.rules.InsideNetworks;
import egret.rules.IpAddress;
import egret.rules.Rules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command with the bundled incident in place of an interface, as fast as it can be read. */
class WatchCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ReplayLive replay = new ReplayLive(ReplayLive.INCIDENT, 1e6, false);

    private int run(Live live, String... words) {
        return run(live, new StandardOutput(out, true), words);
    }

    private int run(Live live, StandardOutput output, String... words) {
        PrintStream talk = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Egret(new Terminal(output, talk, false, false), new OfflineAnalysis(), live, "1.2.3").run(words);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void linesTellAlertsAndTheAnswerFollows() {
        assertThat(run(replay, "watch", "-i", "eth0")).isEqualTo(Egret.DONE);

        assertThat(out())
                .containsPattern("(?m)^22:54:18 ALERT warning docker-hub-requests: .*; most from 10\\.0\\.1\\.11 \\(")
                .containsPattern(
                        "(?m)^10\\.0\\.1\\.11 makes 93 % of 1,364 requests in 24 s \\(a pace of about 3,422/min\\)")
                .containsPattern("(?m)^  10\\.0\\.1\\.11 +93\\.5 % +1,275 ")
                .contains("What was captured\n  eth0 (host): 36,530 packets; captured by ring");
        assertThat(out().indexOf("ALERT")).isLessThan(out().indexOf("makes 93 %"));
        assertThat(err()).isEmpty();
    }

    @Test
    void jsonIsOneDocumentAndAlertsAreLinesBesideIt() throws IOException {
        assertThat(run(replay, "watch", "-i", "eth0", "--json")).isEqualTo(Egret.DONE);

        JsonNode document = new ObjectMapper().readTree(out());
        assertThat(document.at("/watched/0/sources/0/ip").asText()).isEqualTo("10.0.1.11");
        assertThat(document.at("/watched/0/sources/0/requests/count").asLong()).isEqualTo(1275);
        assertThat(out().lines()).hasSize(1);
        assertThat(err().lines().toList()).isNotEmpty().allSatisfy(line -> {
            JsonNode alert = new ObjectMapper().readTree(line);
            assertThat(alert.get("state").asText()).isEqualTo("firing");
            assertThat(alert.at("/top/0/ip").asText()).isEqualTo("10.0.1.11");
        });
        assertThat(err()).contains("\"rule\":\"docker-hub-requests\"");
    }

    @Test
    void theAnswerIsThatOfTheFile() throws InterruptedException, LiveException {
        AnalyzeRequest request =
                new AnalyzeRequest(List.of(ReplayLive.INCIDENT), Rules.builtin(), InsideNetworks.guess(), 1);
        Answer offline = new OfflineAnalysis().analyze(request, (done, total) -> {});
        LiveSession session = replay.open(request("eth0"));
        LiveAnalysis analysis = new LiveAnalysis(Rules.builtin(), Clients.builtin(), session::status, List::of, true);
        analysis.start();
        session.start(analysis.sink());
        while (session.status().running()) {
            analysis.await(analysis.latest().number(), 10);
        }
        session.stop();

        Answer live = analysis.finish();

        assertThat(live.alerts()).isEqualTo(offline.alerts());
        assertThat(live.gaps()).isEqualTo(offline.gaps());
        assertThat(live.watched()).hasSameSizeAs(offline.watched());
        assertThat(live.watched().get(0).sources().stream().map(Source::requests))
                .isEqualTo(offline.watched().get(0).sources().stream()
                        .map(Source::requests)
                        .toList());
        assertThat(live.findings().get(0).title())
                .isEqualTo(offline.findings().get(0).title());
    }

    private static LiveRequest request(String name) {
        return new LiveRequest(
                List.of(name),
                4096,
                32,
                "auto",
                "auto",
                "auto",
                null,
                List.of(),
                true,
                true,
                false,
                "",
                0,
                null,
                Rules.builtin(),
                InsideNetworks.guess());
    }

    @Test
    void passesOnWhatWasAsked() {
        run(
                replay,
                "watch",
                "-i",
                "eth0,eth1",
                "-i",
                "eth1",
                "-s",
                "0",
                "-B",
                "64",
                "--engine=pcap",
                "--vantage",
                "nat-inside",
                "--owner",
                "sock-diag",
                "--docker",
                "/run/d.sock",
                "--log",
                "/var/log/docker.log",
                "--log=10.0.1.11=h1//b.log",
                "--no-kernel-filter",
                "--fast",
                "-c",
                "9",
                "-w",
                "a.pcapng",
                "-C",
                "100",
                "-W",
                "10",
                "--inside",
                "10.0.0.0/8",
                "tcp",
                "port",
                "443");

        LiveRequest request = replay.requests.get(0);
        assertThat(request.interfaces()).containsExactly("eth0", "eth1");
        assertThat(request.snaplen()).isEqualTo(262_144);
        assertThat(request.bufferMebibytes()).isEqualTo(64);
        assertThat(request.engine()).isEqualTo("pcap");
        assertThat(request.vantage()).isEqualTo("nat-inside");
        assertThat(request.owner()).isEqualTo("sock-diag");
        assertThat(request.docker()).isEqualTo("/run/d.sock");
        assertThat(request.logs())
                .containsExactly(
                        new LogFile("/var/log/docker.log", null),
                        new LogFile("h1/b.log", IpAddress.parse("10.0.1.11")));
        assertThat(request.evidence()).isTrue();
        assertThat(request.kernelFilter()).isFalse();
        assertThat(request.fast()).isTrue();
        assertThat(request.packets()).isEqualTo(9);
        assertThat(request.write()).isEqualTo(new LiveRequest.Write("a.pcapng", 100, 10));
        assertThat(request.inside().prefixes()).hasToString("[10.0.0.0/8]");
        assertThat(request.filter()).isEqualTo("tcp port 443");
    }

    @Test
    void defaultsAreThoseOfTheHelp() {
        run(replay, "watch", "-i", "any");

        LiveRequest request = replay.requests.get(0);
        assertThat(request.snaplen()).isEqualTo(4096);
        assertThat(request.engine()).isEqualTo("auto");
        assertThat(request.kernelFilter()).isTrue();
        assertThat(request.write()).isNull();
        assertThat(request.packets()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "watch|egret watch: say where to capture with -i; egret interfaces lists what there is",
                "watch -i any,eth0|egret watch: -i any has all interfaces, and takes no others beside it",
                "watch -i eth0,|egret watch: there is an interface without a name in 'eth0,'",
                "watch -i eth0 --engine turbo|egret watch: --engine takes auto, ring or pcap, not 'turbo'",
                "watch -i eth0 --duration 5x|egret watch: --duration takes a time like 90s, 5m or 2h, not '5x'",
                "watch -i eth0 -s 300000|egret watch: --snaplen takes a number from 0 to 262144, not '300000'",
                "watch -i eth0 -C 5|egret watch: -C and -W say how files are rotated, and need -w",
                "watch -i eth0 -w a -W 5|egret watch: -W needs -C, as files are rotated by their size",
                "watch -i eth0 --fail-on bad|egret watch: --fail-on takes info, warning or critical, not 'bad'",
                "watch -i eth0 --ready-file /nowhere/x|egret watch: cannot write the file '/nowhere/x' of --ready-file",
            })
    void answersBadUsageWithOneSentenceAndTwo(String line, String sentence) {
        assertThat(run(replay, line.split(" "))).isEqualTo(Egret.USAGE);

        assertThat(err()).isEqualTo(sentence + ". Try: egret watch --help\n");
        assertThat(out()).isEmpty();
    }

    @Test
    void saysWhyItCannotCaptureAndEndsWithThree() {
        assertThat(run(replay, "watch", "-i", "nosuch0")).isEqualTo(Egret.UNREADABLE);

        assertThat(err())
                .isEqualTo("egret watch: there is no interface 'nosuch0'; egret interfaces lists what there is\n");
        assertThat(out()).isEmpty();
    }

    @Test
    void failsOnAlertsWhenAsked(@TempDir Path directory) {
        Path ready = directory.resolve("ready");

        assertThat(run(replay, "watch", "-i", "eth0", "--fail-on", "warning", "--ready-file", ready.toString()))
                .isEqualTo(Egret.ALERT);
        assertThat(ready).isEmptyFile();
        assertThat(run(replay, "watch", "-i", "eth0", "--fail-on", "critical")).isEqualTo(Egret.DONE);
    }

    @Test
    void endsWhenItsTimeIsOver() {
        Live goesOn = new ReplayLive(ReplayLive.INCIDENT, 1e6, true);

        assertThat(run(goesOn, "watch", "-i", "eth0", "--json", "--duration", "1s"))
                .isEqualTo(Egret.DONE);

        assertThat(out()).contains("10.0.1.11");
    }

    @Test
    void endsWhenNobodyReads() {
        Live goesOn = new ReplayLive(ReplayLive.INCIDENT, 1e6, true);
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };

        assertThat(run(goesOn, new StandardOutput(gone, true), "watch", "-i", "eth0"))
                .isEqualTo(Egret.DONE);
        assertThat(err()).isEmpty();
    }

    /** A session that ends as it is told. */
    private record Broken(
            @Nullable String failure, @Nullable RuntimeException bug) implements Live, LiveSession {
        @Override
        public LiveSession open(LiveRequest request) {
            return this;
        }

        @Override
        public egret.analyzer.answer.Machine machine() {
            throw new IllegalStateException();
        }

        @Override
        public void start(CountSink sink) throws LiveException {
            if (failure == null && bug == null) {
                throw new LiveException("no permission to capture on eth0: run as root");
            }
        }

        @Override
        public void stop() {}

        @Override
        public Status status() {
            if (bug != null && Thread.currentThread().getName().equals("analyze")) {
                throw bug;
            }
            return new Status(
                    List.of(), "", "", "", List.of(), true, List.of(), "", List.of(), 0, 0, bug != null, failure);
        }
    }

    @Test
    void tellsWhatEndedACaptureAfterTheAnswer() {
        assertThat(run(new Broken("the interface eth0 is gone", null), "watch", "-i", "eth0"))
                .isEqualTo(Egret.UNREADABLE);

        assertThat(err()).isEqualTo("egret watch: the interface eth0 is gone\n");
        assertThat(out()).contains("Nothing was there to be seen.");
    }

    @Test
    void tellsThatItMayNotCapture() {
        assertThat(run(new Broken(null, null), "watch", "-i", "eth0")).isEqualTo(Egret.UNREADABLE);

        assertThat(err()).isEqualTo("egret watch: no permission to capture on eth0: run as root\n");
    }

    @Test
    void aBugWhileAnalyzingEndsTheCapture() {
        Live broken = new Broken(null, new IllegalStateException("no table"));

        assertThat(run(broken, "watch", "-i", "eth0")).isEqualTo(Egret.INTERNAL_FAILURE);

        assertThat(err()).startsWith("egret: internal failure: ").contains("no table");
    }

    @Test
    void listsWhatCanBeCaptured() {
        assertThat(run(replay, "interfaces")).isEqualTo(Egret.DONE);

        assertThat(out()).isEqualTo("""
                Interfaces
                  NAME  STATE  CAPTURE  VANTAGE      ADDRESSES
                  eth0  up     yes      nat-outside  192.0.2.7, 2001:db8::7  default route
                  eth1  up     yes      nat-inside   10.0.1.1
                  any          yes                                           all of them

                How packets are captured
                  ring             chosen
                  pcap             no: libpcap is not installed

                How processes are known
                  bpf-connect      no: the kernel refuses BPF programs without CAP_BPF
                  sock-diag        chosen: misses processes that live less than a few milliseconds
                  proc             yes

                What is missing
                  CAP_BPF and CAP_PERFMON, to know the process of every connection:
                    sudo setpriv --inh-caps=+bpf,+perfmon --ambient-caps=+bpf,+perfmon
                """);
    }

    @Test
    void listsItForMachinesToo() throws IOException {
        assertThat(run(replay, "interfaces", "--json")).isEqualTo(Egret.DONE);

        JsonNode document = new ObjectMapper().readTree(out());
        assertThat(document.at("/interfaces/1/vantage").asText()).isEqualTo("nat-inside");
        assertThat(document.at("/interfaces/2/state").isNull()).isTrue();
        assertThat(document.at("/engines/1/why").asText()).isEqualTo("libpcap is not installed");
        assertThat(document.at("/owner_methods/0/works").asBoolean()).isFalse();
        assertThat(document.at("/missing/0/command").asText()).startsWith("sudo setpriv");
    }
}
