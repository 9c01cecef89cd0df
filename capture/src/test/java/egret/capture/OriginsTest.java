// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.Conversation.Segment;
import egret.capture.count.EvidenceGaps.Coverage;
import egret.capture.count.SourceCounts;
import egret.capture.flow.Connection;
import egret.capture.origin.Origin;
import egret.capture.origin.Origins;
import egret.capture.origin.Owner;
import egret.capture.origin.Quality;
import egret.capture.protocol.HelloBuilder;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The counter counts for the owner and the source before NAT that are known when a connection is named. */
final class OriginsTest {
    private static final String NAME = "registry-1.docker.io";

    /** What the machine knows, by the client's port. */
    private static final class Known implements Origins {
        final Map<Integer, Owner> owners = new HashMap<>();
        final Map<Integer, IpAddress> sources = new HashMap<>();
        final Map<Integer, Owner> described = new HashMap<>();
        final List<Integer> opened = new ArrayList<>();

        Known owner(int port, Owner owner) {
            owners.put(port, owner);
            described.put(owner.id(), owner);
            return this;
        }

        Known source(int port, String address) {
            sources.put(port, IpAddress.parse(address));
            return this;
        }

        @Override
        public void opened(Connection connection) {
            opened.add(connection.clientPort());
        }

        @Override
        public void find(Connection connection, Origin origin) {
            origin.reset(connection.clientHigh(), connection.clientLow());
            IpAddress source = sources.get(connection.clientPort());
            if (source != null) {
                origin.sourceHigh = source.high();
                origin.sourceLow = source.low();
                origin.translated = true;
            }
            Owner owner = owners.get(connection.clientPort());
            origin.owner = owner == null ? 0 : owner.id();
        }

        @Override
        public Owner owner(int id) {
            return described.getOrDefault(id, Owner.UNKNOWN);
        }
    }

    private static Owner owner(int id, String executable, Quality quality, String method) {
        Owner.OwnerProcess process =
                new Owner.OwnerProcess(800 + id, 0, executable, executable, 0, "root", List.of("systemd"));
        return new Owner(id, process, 1, null, null, quality, method);
    }

    private static Owner dockerd() {
        return owner(1, "/usr/bin/dockerd", Quality.EXACT, "bpf-sock-ops");
    }

    private static Conversation pull(String host, int port, long millis, String name) {
        byte[] random = new byte[32];
        new Random(port).nextBytes(random);
        return new Conversation(host, port, "198.51.100.10", 443)
                .at(millis)
                .opened()
                .client(HelloBuilder.curl(name, "http/1.1").random(random).record());
    }

    @Test
    void rowsAreToldApartByOwner() {
        Known known = new Known()
                .owner(40_000, dockerd())
                .owner(40_001, owner(2, "/usr/bin/curl", Quality.INFERRED, "sock-diag"));
        Counted counted = Counted.of(
                known,
                pull("10.0.1.11", 40_000, 100, NAME).exchange(2).closed().segments(),
                pull("10.0.1.11", 40_001, 300, NAME).exchange(1).closed().segments(),
                pull("10.0.1.11", 40_002, 500, NAME).exchange(3).closed().segments());

        assertThat(counted.allRows())
                .extracting(row -> row.owner().id() + " " + row.connections() + " "
                        + row.requests().count())
                .containsExactlyInAnyOrder("1 1 2", "2 1 1", "0 1 3");
        assertThat(known.opened).containsExactly(40_000, 40_001, 40_002);
        assertThat(counted.gaps().owners())
                .isEqualTo(new Coverage(1, Map.of("bpf-sock-ops", 1L), Map.of("sock-diag", 1L)));
    }

    @Test
    void aTranslatedSourceIsCountedAndItsSeenAddressIsTheEgress() {
        Known known = new Known().source(40_000, "10.0.1.11");
        Counted counted = Counted.of(
                known,
                pull("203.0.113.5", 40_000, 100, NAME).exchange(1).closed().segments(),
                pull("203.0.113.5", 40_001, 100, NAME).exchange(1).closed().segments());

        assertThat(counted.allRows())
                .extracting(row -> row.source() + " " + row.egress())
                .containsExactlyInAnyOrder("10.0.1.11 203.0.113.5", "203.0.113.5 null");
    }

    @Test
    void whatIsNotWatchedIsOursIfItsSourceBeforeNatIs() {
        Known known = new Known().source(40_000, "10.0.1.11");
        Counted counted = Counted.of(
                known,
                pull("203.0.113.5", 40_000, 100, "www.example.org").closed().segments(),
                pull("203.0.113.5", 40_001, 100, "www.example.org").closed().segments());

        List<SourceCounts.Other> others = new ArrayList<>();
        counted.messages.forEach(message -> others.addAll(message.others()));
        assertThat(others)
                .extracting(other -> other.source() + " " + other.serverName() + " " + other.connections())
                .containsExactly("10.0.1.11 www.example.org 1");
    }

    @Test
    void anOwnerThatBecomesKnownLaterMovesNothing() {
        Known known = new Known();
        Counted counted = new Counted(known);
        List<Segment> segments = pull("10.0.1.11", 40_000, 100, NAME)
                .exchange(1)
                .later(3000)
                .exchange(1)
                .closed()
                .segments();
        for (Segment segment : segments) {
            if (segment.nanos() > Conversation.START + 2000 * Conversation.MILLI) {
                known.owner(40_000, dockerd());
            }
            counted.frame(segment.nanos(), Counted.ip(segment).ethernet(), Integer.MAX_VALUE);
        }
        counted.finish();

        assertThat(counted.allRows()).extracting(row -> row.owner().id()).containsOnly(0);
        assertThat(counted.gaps().owners()).isEqualTo(new Coverage(1, Map.of(), Map.of()));
    }

    @Test
    void aRowCarriesTheOwnerAsItIsDescribedAtTheEndOfTheSecond() {
        Known known = new Known().owner(40_000, dockerd());
        Counted counted = new Counted(known);
        for (Segment segment :
                pull("10.0.1.11", 40_000, 100, NAME).exchange(1).closed().segments()) {
            counted.frame(segment.nanos(), Counted.ip(segment).ethernet(), Integer.MAX_VALUE);
        }
        Owner.Service service = new Owner.Service("systemd", "", "docker.service");
        known.described.put(1, new Owner(1, dockerd().process(), 1, null, service, Quality.EXACT, "bpf-sock-ops"));
        counted.finish();

        assertThat(counted.allRows().get(0).owner().service()).isEqualTo(service);
    }

    @Test
    void filesTellNothingOfOwners() {
        Counted counted = Counted.of(
                pull("10.0.1.11", 40_000, 100, NAME).exchange(1).closed().segments());

        assertThat(counted.allRows()).extracting(SourceCounts.Row::owner).containsOnly(Owner.UNKNOWN);
        assertThat(counted.gaps().owners().isEmpty()).isTrue();
    }

    @Test
    void aFailedAttemptIsItsOwnersToo() {
        Known known = new Known().owner(40_000, dockerd()).source(40_000, "10.0.1.11");
        Counted counted = new Counted(known);
        counted.frame(Conversation.START, DnsAnswer.of(NAME, "198.51.100.10"), Integer.MAX_VALUE);
        Conversation refused = new Conversation("203.0.113.5", 40_000, "198.51.100.10", 443)
                .at(100)
                .syn()
                .reset(false);
        for (Segment segment : refused.segments()) {
            counted.frame(segment.nanos(), Counted.ip(segment).ethernet(), Integer.MAX_VALUE);
        }
        counted.finish();

        assertThat(counted.allRows())
                .extracting(row -> row.source() + " " + row.egress() + " " + row.failed() + " "
                        + row.owner().id())
                .containsExactly("10.0.1.11 203.0.113.5 1 1");
        assertThat(counted.gaps().owners().isEmpty()).isTrue(); // of connections, of which there was none
    }
}
