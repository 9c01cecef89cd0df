// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import static egret.analyzer.report.AnswerParts.address;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import egret.analyzer.inspect.Inspection;
import egret.analyzer.inspect.Inspection.Connect;
import egret.analyzer.inspect.Inspection.Dns;
import egret.analyzer.inspect.Inspection.Hello;
import egret.analyzer.inspect.Inspection.Requests;
import egret.analyzer.inspect.Inspection.Transport;
import egret.capture.count.Basis;
import egret.capture.count.EvidenceGaps;
import egret.capture.count.RequestCount;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InspectionReportTest {
    private static final long TIME = Answers.START * 1_000_000_000L + 250_001_000;

    private static Inspection capture() {
        Hello whole = new Hello(
                Transport.TCP,
                address("10.0.1.11"),
                40_112,
                address("198.51.100.10"),
                443,
                "registry-1.docker.io",
                List.of("h2", "http/1.1"),
                "cd08e31494f9531f560d64c695473da9",
                "t13d1312h1_f57a46bbacb6_ef7df7f74e48",
                "00ff".repeat(16),
                false,
                false,
                12,
                TIME);
        Hello cut = new Hello(
                Transport.QUIC,
                address("2001:db8::1"),
                50_000,
                address("2001:db8:1::443"),
                443,
                "\u001b[2J" + "a".repeat(250),
                List.of(),
                null,
                null,
                null,
                true,
                true,
                15,
                TIME + 1_000_000_000);
        Connect connect = new Connect(
                address("10.0.1.14"), 41_000, address("10.0.0.1"), 8888, "registry-1.docker.io:443", 19, TIME);
        Connect socks =
                new Connect(address("10.0.1.14"), 41_001, address("10.0.0.1"), 1080, "auth.docker.io:443", 25, TIME);
        Requests requests = new Requests(
                address("10.0.1.11"),
                40_112,
                address("198.51.100.10"),
                443,
                "h2",
                new RequestCount(5, 4, 7, Basis.ESTIMATED));
        return new Inspection(
                "dir/nat.pcap",
                2_577,
                1_204,
                Map.of(address("10.0.1.14"), 4L, address("10.0.1.11"), 1_200L),
                List.of(whole, cut),
                List.of(connect),
                List.of(socks),
                new Dns(3, 1),
                List.of(requests),
                7,
                new EvidenceGaps(
                        2_577,
                        0,
                        Map.of("truncated", 1L),
                        1_204,
                        2,
                        1,
                        0,
                        0,
                        0,
                        Map.of("cut", 1L),
                        7,
                        Map.of(),
                        EvidenceGaps.Coverage.NONE),
                88_000L,
                null);
    }

    private static JsonNode json(Inspection inspection) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InspectionJson.write(inspection, out);
        assertThat(out.toByteArray()).endsWith((byte) '\n').containsOnlyOnce('\n');
        return new ObjectMapper().readTree(out.toByteArray());
    }

    private static String text(Inspection inspection) throws IOException {
        StringBuilder out = new StringBuilder();
        InspectionText.write(inspection, out);
        return out.toString();
    }

    @Test
    void jsonHasTheNamesOfTheContract() throws IOException {
        JsonNode json = json(capture());

        assertThat(json.get("file").asText()).isEqualTo("dir/nat.pcap");
        assertThat(json.get("connections").asLong()).isEqualTo(1_204);
        assertThat(json.get("connections_by_src")).hasToString("{\"10.0.1.11\":1200,\"10.0.1.14\":4}");
        assertThat(json.at("/hellos/0"))
                .hasToString("{\"transport\":\"tcp\",\"src\":\"10.0.1.11\",\"sport\":40112,\"dst\":\"198.51.100.10\","
                        + "\"dport\":443,\"sni\":\"registry-1.docker.io\",\"alpn\":[\"h2\",\"http/1.1\"],"
                        + "\"ja3\":\"cd08e31494f9531f560d64c695473da9\","
                        + "\"ja4\":\"t13d1312h1_f57a46bbacb6_ef7df7f74e48\",\"random\":\"" + "00ff".repeat(16)
                        + "\",\"ech\":false,\"cut\":false,\"packet\":12,\"time\":\"2026-11-20T14:02:11.250001Z\"}");
        assertThat(json.at("/hellos/1/transport").asText()).isEqualTo("quic");
        assertThat(json.at("/hellos/1/ja3").isNull()).isTrue();
        assertThat(json.at("/hellos/1/random").isNull()).isTrue();
        assertThat(json.at("/connects/0"))
                .hasToString("{\"src\":\"10.0.1.14\",\"sport\":41000,\"dst\":\"10.0.0.1\",\"dport\":8888,"
                        + "\"target\":\"registry-1.docker.io:443\",\"packet\":19,"
                        + "\"time\":\"2026-11-20T14:02:11.250001Z\"}");
        assertThat(json.at("/socks/0/target").asText()).isEqualTo("auth.docker.io:443");
        assertThat(json.get("dns")).hasToString("{\"a\":3,\"aaaa\":1}");
        assertThat(json.at("/requests/0"))
                .hasToString("{\"src\":\"10.0.1.11\",\"sport\":40112,\"dst\":\"198.51.100.10\",\"dport\":443,"
                        + "\"alpn_chosen\":\"h2\",\"estimate\":5,\"low\":4,\"high\":7,\"basis\":\"estimated\"}");
        assertThat(json.get("copies").asLong()).isEqualTo(7);
        assertThat(json.at("/evidence_gaps/undecodable/truncated").asLong()).isEqualTo(1);
        assertThat(json.get("truncated_at").asLong()).isEqualTo(88_000);
        assertThat(json.get("error").isNull()).isTrue();
    }

    @Test
    void unreadableFileIsAnObjectWithItsError() throws IOException {
        JsonNode json = json(Inspection.unreadable("a.pcap", "a.pcap: not a capture"));

        assertThat(json.get("error").asText()).isEqualTo("a.pcap: not a capture");
        assertThat(json.get("hellos")).isEmpty();
    }

    @Test
    void listingIsAlignedAndHarmless() throws IOException {
        assertThat(text(capture())).isEqualTo("""
                        dir/nat.pcap: 2,577 packets; ends in mid-packet at byte 88,000

                        TIME (UTC)       SOURCE               DESTINATION            NAME                                      ALPN          JA4
                        14:02:11.250001  10.0.1.11:40112      198.51.100.10:443      registry-1.docker.io                      h2,http/1.1   t13d1312h1_f57a46bbacb6_ef7df7f74e48
                        14:02:12.250001  [2001:db8::1]:50000  [2001:db8:1::443]:443  \\x1b[2Jaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…  -             - quic ech cut

                        TIME (UTC)       SOURCE               PROXY                  TUNNEL TO
                        14:02:11.250001  10.0.1.14:41000      10.0.0.1:8888          registry-1.docker.io:443
                        14:02:11.250001  10.0.1.14:41001      10.0.0.1:1080          auth.docker.io:443                        socks

                        1,204 TCP connections from 2 sources, 2 hellos, 2 tunnels, DNS answers 3 A and 1 AAAA
                        HTTP: 5 ±2 requests (estimated) in 1 connection
                        7 connections seen more than once, counted once
                        """);
    }

    @Test
    void listingOfAnUnreadableFileSaysWhy() throws IOException {
        assertThat(text(Inspection.unreadable("-", "cut \u0007")))
                .startsWith("standard input: 0 packets\nnot read to its end: cut \\x07\n");
    }
}
