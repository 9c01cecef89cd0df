// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.evidence.Evidence.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One log line in every dress that logs put it into. */
class LogLinesTest {
    private static final long REFERENCE = Instant.parse("2026-11-25T00:00:00Z").getEpochSecond();
    private static final long AT = Instant.parse("2026-11-23T01:26:19Z").getEpochSecond();
    private static final String BODY =
            "level=error msg=\"fatal task error\" error=\"invalid mount config for type \\\"bind\\\":"
                    + " bind source path does not exist: /srv/data\" module=node/agent/taskmanager node.id=n1 service.id=s1 task.id=t1";
    private static final String LOGRUS = "time=\"2026-11-23T01:26:19.533421694Z\" " + BODY;

    private static List<Evidence> read(String log) {
        List<Evidence> found = new ArrayList<>();
        EvidenceCounter counter = new EvidenceCounter("test.log", found::add);
        LogScanner scanner = new LogScanner(new LogTime(REFERENCE), counter);
        byte[] bytes = log.getBytes(StandardCharsets.UTF_8);
        scanner.bytes(bytes, 0, bytes.length);
        scanner.end();
        return found;
    }

    private static String json(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static void isTheFailure(String line, int millis) {
        List<Evidence> found = read("something else\n" + line + "\n");
        assertThat(found).as(line).hasSize(1);
        Evidence evidence = found.get(0);
        assertThat(evidence.kind()).isEqualTo(Kind.TASK_FAILED);
        assertThat(evidence.problem()).isEqualTo(Problem.BIND_SOURCE_MISSING);
        assertThat(evidence.detail())
                .isEqualTo("invalid mount config for type \"bind\": bind source path does not exist: /srv/data");
        assertThat(evidence.service()).isEqualTo("s1");
        assertThat(evidence.second()).isEqualTo(AT);
        assertThat(evidence.millis()).containsExactly(millis);
        assertThat(evidence.line()).isEqualTo(2);
    }

    @Test
    void readsTheDaemonsOwnText() {
        isTheFailure(LOGRUS, 533);
        isTheFailure(LOGRUS + "\r", 533);
        isTheFailure(LOGRUS.replace("01:26:19.533421694Z", "02:26:19.533421694+01:00"), 533);
        isTheFailure(LOGRUS + " spanID=0123 traceID=4567", 533);
        isTheFailure(LOGRUS.replace("node/agent/taskmanager", "\"node/agent/taskmanager\""), 533);
    }

    @Test
    void readsItBehindThePrefixesOfSyslog() {
        isTheFailure("Nov 23 01:26:19 host dockerd[1234]: " + LOGRUS, 533);
        isTheFailure("Nov 23 01:26:19 docker-manager dockerd: " + LOGRUS, 533);
        isTheFailure("2026-11-23T01:26:19.600000+00:00 host dockerd[1234]: " + LOGRUS, 533);
        isTheFailure("<30>Nov 23 01:26:19 host dockerd[1234]: " + LOGRUS, 533);
        assertThat(read("Nov 23 01:26:19 host dockerd[1234]: " + LOGRUS + "\n")
                        .get(0)
                        .host())
                .isEqualTo("host");
    }

    @Test
    void takesSyslogsTimeWhereThereIsNoOther() {
        isTheFailure("Nov 23 01:26:19 host dockerd[1234]: " + BODY, 0);
        isTheFailure("2026-11-23T01:26:19.600000+00:00 host dockerd[1234]: " + BODY, 600);
    }

    @Test
    void readsJson() {
        String error = json("invalid mount config for type \"bind\": bind source path does not exist: /srv/data");
        isTheFailure(
                "{\"level\":\"error\",\"time\":\"2026-11-23T01:26:19.533421694Z\",\"msg\":\"fatal task error\",\"error\":"
                        + error
                        + ",\"module\":\"node\",\"node.id\":\"n1\",\"service.id\":\"s1\",\"task.id\":\"t1\",\"x\":{\"y\":[1]}}",
                533);
        isTheFailure(
                "{\"__REALTIME_TIMESTAMP\":\"1795397179533421\",\"_HOSTNAME\":\"host\",\"SYSLOG_IDENTIFIER\":\"dockerd\",\"PRIORITY\":\"6\",\"MESSAGE\":"
                        + json(LOGRUS) + "}",
                533);
        isTheFailure(
                "{\"log\":" + json(LOGRUS + "\n").replace("\n", "\\n")
                        + ",\"stream\":\"stderr\",\"time\":\"2026-11-23T01:26:20Z\"}",
                533);
    }

    @Test
    void readsWhatARuntimeWrites() {
        isTheFailure("2026-11-23T01:26:19.700000000Z stderr F " + LOGRUS, 533);
    }

    @Test
    void readsKubeletsLog() {
        Evidence failed =
                read("E1123 01:26:19.120279    2874 remote_image.go:242] \"PullImage from image service failed\""
                                + " err=\"rpc error: code = Unknown desc = failed to resolve reference: unexpected status from HEAD request:"
                                + " 429 Too Many Requests\" image=\"acme/app:1.0\"\n")
                        .get(0);
        assertThat(failed.kind()).isEqualTo(Kind.PULL_FAILED);
        assertThat(failed.problem()).isEqualTo(Problem.ABUSE_LIMIT);
        assertThat(failed.image()).isEqualTo("acme/app:1.0");
        assertThat(failed.second()).isEqualTo(AT);
        assertThat(failed.millis()).containsExactly(120);
    }

    /** As a node writes it, but for the names. */
    @Test
    void readsHowKubeletBacksOff() {
        String line = "Nov 23 01:26:19 node-1 kubelet[23691]: E1123 01:26:19.333987   23691 pod_workers.go:1324]"
                + " \"Error syncing pod, skipping\" err=\"failed to \\\"StartContainer\\\" for \\\"web\\\" with"
                + " ImagePullBackOff: \\\"Back-off pulling image \\\\\\\"docker.io/acme/app:1\\\\\\\":"
                + " ErrImagePull: 429 Too Many Requests\\\"\" pod=\"shop/web-7d9c\" podUID=\"320b0ee2\"\n";
        Evidence backOff = read(line).get(0);
        assertThat(backOff.kind()).isEqualTo(Kind.BACK_OFF);
        assertThat(backOff.image()).isEqualTo("docker.io/acme/app:1");
        assertThat(backOff.host()).isEqualTo("node-1");
        assertThat(backOff.problem()).isEqualTo(Problem.ABUSE_LIMIT);
        for (int to = 0; to < line.length(); to++) { // torn anywhere: less or nothing, and nothing else
            assertThat(read(line.substring(0, to))).hasSizeLessThanOrEqualTo(1).allSatisfy(torn -> {
                assertThat(torn.kind()).isEqualTo(Kind.BACK_OFF);
                assertThat("docker.io/acme/app:1").startsWith(torn.image());
            });
        }
        assertThat(read(line.replace("Back-off pulling image", "back-off 5m0s restarting failed container")))
                .isEmpty();
    }

    @Test
    void keepsTheNameOfAToolThatLooksForNewerImages() {
        List<Evidence> found = read(
                "{\"log\":\"time=\\\"2026-11-23T01:26:19Z\\\" level=info msg=\\\"Session done\\\" Failed=0 Scanned=3\\n\","
                        + "\"stream\":\"stderr\",\"time\":\"2026-11-23T01:26:19.1Z\"}\n"
                        + "2026-11-23T01:26:19.7Z stderr F time=\"2026-11-23T01:26:19Z\" level=info"
                        + " msg=\"trigger.poll.WatchTagJob: checking digest\" image=\"acme/app:1\"\n");
        assertThat(found).extracting(Evidence::kind).containsOnly(Kind.POLLED);
        assertThat(found).extracting(Evidence::name).containsExactly("watchtower", "keel");
        assertThat(found).extracting(Evidence::service).containsOnly("");
    }

    @Test
    void learnsTheZoneOfLocalTimesFromLinesThatTellIt() {
        String inNewYork = "Nov 22 20:26:19 host dockerd[1]: ";
        List<Evidence> found = read(inNewYork + LOGRUS + "\n" + inNewYork + BODY.replace("s1", "s2") + "\n");
        assertThat(found).extracting(Evidence::second).containsOnly(AT);
        assertThat(found).extracting(Evidence::service).containsExactly("s1", "s2");
    }

    @Test
    void takesTheYearThatIsNearest() {
        List<Evidence> found =
                read("Dec 31 23:59:59 host dockerd[1]: " + BODY + "\nJan  1 00:00:00 host dockerd[1]: " + BODY);
        assertThat(found)
                .extracting(Evidence::second)
                .containsExactly(
                        Instant.parse("2026-12-31T23:59:59Z").getEpochSecond(),
                        Instant.parse("2027-01-01T00:00:00Z").getEpochSecond());
    }

    @Test
    void addsUpWhatIsSaidAgainWithinASecond() {
        List<Evidence> found = read((LOGRUS + "\n").repeat(100) + LOGRUS.replace("19.533", "20.001"));
        assertThat(found).extracting(Evidence::count).containsExactly(100, 1);
        assertThat(found.get(0).millis()).hasSize(Evidence.MAX_MILLIS);
        assertThat(found.get(1).line()).isEqualTo(101);
    }

    @Test
    void namesServicesByTheirTasks() {
        List<Evidence> found =
                read(LOGRUS + "\ntime=\"2026-11-23T01:26:24Z\" level=warning msg=\"failed to deactivate service"
                        + " binding for container burst_svc07.1.t1\" error=\"No such container: burst_svc07.1.t1\" node.id=n1\n"
                        + LOGRUS.replace("01:26:19", "01:26:25").replace("task.id=t1", "task.id=t2"));
        assertThat(found).extracting(Evidence::kind).containsExactly(Kind.TASK_FAILED, Kind.SERVICE, Kind.TASK_FAILED);
        assertThat(found).extracting(Evidence::name).containsExactly("", "burst_svc07", "burst_svc07");
    }

    @Test
    void readsWhatIsThereOfATornLineAndCutsAnEndlessOne() {
        List<Evidence> torn = read(LOGRUS.substring(0, LOGRUS.indexOf("does not exist") + 14));
        assertThat(torn).hasSize(1);
        assertThat(torn.get(0).problem()).isEqualTo(Problem.BIND_SOURCE_MISSING);

        EvidenceCounter counter = new EvidenceCounter("test.log", evidence -> {});
        LogScanner scanner = new LogScanner(new LogTime(REFERENCE), counter);
        byte[] endless = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        scanner.bytes(endless, 0, endless.length);
        scanner.end();
        assertThat(scanner.lines()).isEqualTo(1);
        assertThat(scanner.overlong()).isEqualTo(1);
    }

    @Test
    void linesMayComeInAnyPieces() {
        String log = (LOGRUS + "\n").repeat(3) + "Nov 23 01:26:19 host dockerd[1234]: " + LOGRUS + "\n";
        List<Evidence> whole = read(log);
        byte[] bytes = log.getBytes(StandardCharsets.UTF_8);
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            List<Evidence> pieces = new ArrayList<>();
            LogScanner scanner = new LogScanner(new LogTime(REFERENCE), new EvidenceCounter("test.log", pieces::add));
            int at = 0;
            while (at < bytes.length) {
                int n = Math.min(bytes.length - at, 1 + random.nextInt(200));
                scanner.bytes(bytes, at, at + n);
                at += n;
            }
            scanner.end();
            assertThat(pieces).usingRecursiveComparison().isEqualTo(whole);
        }
    }

    @Test
    void survivesAnyBytes() {
        List<String> seeds = List.of(
                LOGRUS,
                "Nov 23 01:26:19 host dockerd[1234]: " + LOGRUS,
                "{\"__REALTIME_TIMESTAMP\":\"1795397179533421\",\"MESSAGE\":" + json(LOGRUS) + "}",
                "E1123 01:26:19.120279    2874 f.go:242] \"Failed to pull image \\\"a/b:1\\\": x\" err=\"429\"",
                "2026-11-23T01:26:19.7Z stderr F " + LOGRUS);
        long seed = 42;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] b = seeds.get(random.nextInt(seeds.size())).getBytes(StandardCharsets.UTF_8);
            for (int k = random.nextInt(8); k >= 0; k--) {
                b[random.nextInt(b.length)] = (byte) random.nextInt(256);
            }
            int to = random.nextInt(b.length + 1);
            EvidenceCounter counter = new EvidenceCounter("test.log", evidence -> {});
            LogScanner scanner = new LogScanner(new LogTime(REFERENCE), counter);
            scanner.bytes(b, 0, to);
            scanner.end();
        }
    }
}
