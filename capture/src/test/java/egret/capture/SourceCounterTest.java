// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.Conversation.Segment;
import egret.capture.count.Basis;
import egret.capture.count.SourceCounts;
import egret.capture.protocol.HelloBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the messages of a counter hold, and that they add up. */
final class SourceCounterTest {
    private static final String NAME = "registry-1.docker.io";

    private static Conversation pull(int host, int port, long millis) {
        byte[] random = new byte[32];
        new Random(host * 100_000L + port).nextBytes(random);
        return new Conversation("10.0.1." + host, port, "198.51.100.10", 443)
                .at(millis)
                .opened()
                .client(HelloBuilder.curl(NAME, "http/1.1").random(random).record());
    }

    @Test
    void aRowTellsAllOfItsConnections() {
        Conversation one = pull(11, 40_000, 100).exchange(2).closed();
        Conversation two = pull(11, 40_001, 300).exchange(1).closed();

        Counted counted = Counted.of(one.segments(), two.segments());

        assertThat(counted.messages).hasSize(1);
        SourceCounts message = counted.messages.get(0);
        assertThat(message.startSecond()).isEqualTo(Conversation.START / 1_000_000_000L);
        assertThat(message.seconds()).isEqualTo(1);
        assertThat(message.rows()).hasSize(1);
        SourceCounts.Row row = message.rows().get(0);
        assertThat(row.endpoint()).isEqualTo("docker-hub");
        assertThat(row.source()).hasToString("10.0.1.11");
        assertThat(row.egress()).isNull();
        assertThat(row.connections()).isEqualTo(2);
        assertThat(row.requests().count()).isEqualTo(3);
        assertThat(row.requests().basis()).isEqualTo(Basis.EXACT);
        assertThat(row.arrivalMillis()).containsExactly(102, 302);
        assertThat(row.handshakeMicros()).containsExactly(1000, 1000);
        assertThat(row.connectionKeys()).hasSize(2).doesNotContain(0L).doesNotHaveDuplicates();
        assertThat(row.packets()[0]).isEqualTo(3);
        assertThat(row.ja4()).startsWith("t13d");
        assertThat(row.clientTraits().alpn()).isEqualTo("http/1.1");
        assertThat(row.firstNanos()).isEqualTo(Conversation.START + 100 * Conversation.MILLI);
        assertThat(row.bytesUp()).isEqualTo(bytes(one, true) + bytes(two, true));
        assertThat(row.bytesDown()).isEqualTo(bytes(one, false) + bytes(two, false));
    }

    private static long bytes(Conversation conversation, boolean fromClient) {
        return conversation.segments().stream()
                .filter(segment -> segment.fromClient() == fromClient)
                .mapToLong(segment -> segment.payload().length)
                .sum();
    }

    @Test
    void oneMessageASecondAddsUpToTheTotals() {
        Random random = new Random(5);
        List<Segment> all = new ArrayList<>();
        int requests = 0;
        for (int i = 0; i < 300; i++) {
            int count = random.nextInt(4);
            requests += count;
            Conversation conversation = pull(11 + i % 3, 20_000 + i, random.nextInt(20_000));
            conversation.exchange(0);
            for (int k = 0; k < count; k++) {
                conversation.later(random.nextInt(3000)).client(Conversation.records(23, 300));
                conversation.server(Conversation.records(23, 900));
            }
            all.addAll(conversation.closed().segments());
        }
        Counted counted = Counted.of(all);

        long connections = 0;
        long counts = 0;
        long second = Long.MIN_VALUE;
        long sequence = 0;
        for (SourceCounts message : counted.messages) {
            assertThat(message.startSecond()).isGreaterThan(second);
            assertThat(message.sequence()).isEqualTo(sequence++);
            second = message.startSecond();
            for (SourceCounts.Row row : message.rows()) {
                connections += row.connections();
                counts += row.requests().count();
                assertThat(row.arrivalMillis()).isSorted();
                assertThat(row.arrivalMillis()).hasSize((int) row.connections());
            }
        }
        assertThat(connections).isEqualTo(300);
        assertThat(counts).isEqualTo(requests);
        assertThat(counted.gaps().named()).isEqualTo(300);
        assertThat(counted.gaps().packets()).isEqualTo(all.size());
    }

    @Test
    void whatIsNotWatchedIsSummedBySource() {
        List<Segment> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String name = i % 3 == 0 ? "rare" + i + ".example.org" : "often.example.org";
            byte[] random = new byte[32];
            new Random(i).nextBytes(random);
            all.addAll(new Conversation("10.0.1.11", 20_000 + i, "203.0.113.80", 443)
                    .at(i * 10L)
                    .opened()
                    .client(HelloBuilder.curl(name, "h2").random(random).record())
                    .closed()
                    .segments());
        }
        Counted counted = Counted.of(all);

        List<SourceCounts.Other> others = new ArrayList<>();
        counted.messages.forEach(message -> others.addAll(message.others()));
        assertThat(counted.others()).isEqualTo("30+0");
        assertThat(others.get(0).serverName()).isEqualTo("often.example.org");
        assertThat(others.get(0).connections()).isBetween(10L, 20L);
        assertThat(counted.rows()).isEmpty();
    }

    @Test
    void anEmptyCaptureGivesOneMessageWithoutTime() {
        Counted counted = new Counted().finish();

        assertThat(counted.messages).hasSize(1);
        assertThat(counted.messages.get(0).startSecond()).isZero();
    }

    @Test
    void theGapsAddUpForAnyMixture() {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            List<Segment> all = new ArrayList<>();
            int attempts = 0;
            for (int i = 0; i < 60; i++) {
                attempts++;
                List<Segment> segments = anyOne(i, random).segments();
                all.addAll(segments);
                if (random.nextInt(3) == 0) {
                    int port = 30_000 + i;
                    segments.forEach(s -> all.add(s.natted("203.0.113.5", port, s.fromClient() ? 9000 : -9000)));
                }
            }
            all.removeIf(segment -> segment.carries() && random.nextInt(20) == 0);
            Counted counted = Counted.of(all);

            assertThat(counted.gaps().connections()).as("seed " + seed).isEqualTo(attempts);
            assertThat(counted.gaps().midStream()).as("seed " + seed).isZero();
            assertThat(counted.gaps().midStreamWithoutName()).as("seed " + seed).isZero();
            assertThat(counted.gaps().failed()).as("seed " + seed).isPositive();
            assertThat(counted.gaps().withoutHello()).as("seed " + seed).isPositive();
        }
    }

    private static Conversation anyOne(int i, Random random) {
        long millis = random.nextInt(40_000);
        Conversation bare = new Conversation("10.0.1.12", 20_000 + i, "198.51.100.10", 443).at(millis);
        return switch (random.nextInt(7)) {
            case 0 -> bare.syn().reset(false);
            case 1 -> bare.syn();
            case 2 -> bare.opened().closed();
            case 3 -> bare.opened().client("something else").closed();
            case 4 -> bare.opened().client(new HelloBuilder().versions(0x0304).record());
            case 5 -> bare.syn().reset(false).later(500).synAgain().reset(false);
            default -> pull(13, 20_000 + i, millis).exchange(1).closed();
        };
    }
}
