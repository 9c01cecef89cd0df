// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.origin.Quality;
import egret.capture.socket.SocketEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConnectionOwnersTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int METHOD = 3;

    private final ConnectionOwners owners = new ConnectionOwners();
    private final ProcessRecord one = new ProcessRecord(1, 0);
    private final ProcessRecord other = new ProcessRecord(2, 0);

    private void put(SocketEvent event, ProcessRecord process) {
        owners.put(event, process, METHOD, event.monotonicNanos);
    }

    private ProcessRecord find(ConnectionQuery query) {
        int at = owners.find(query);
        return at < 0 ? null : owners.process(at);
    }

    @Test
    void findsByTheAddressesAndPorts() {
        put(Events.of(1, SECOND, 1, 40_000, 7, 443), one);

        assertThat(find(Events.query(SECOND, 1, 40_000, 7, 443))).isSameAs(one);
        assertThat(owners.quality()).isEqualTo(Quality.EXACT);
        assertThat(find(Events.query(SECOND, 1, 40_001, 7, 443))).isNull();
        assertThat(find(Events.query(SECOND, 2, 40_000, 7, 443))).isNull();
        assertThat(find(Events.query(SECOND, 1, 40_000, 8, 443))).isNull();
        assertThat(find(Events.query(SECOND, 1, 40_000, 7, 80))).isNull();
        assertThat(owners.quality()).isEqualTo(Quality.UNKNOWN);
    }

    @Test
    void tellsTcpFromUdp() {
        SocketEvent event = Events.of(1, SECOND, 1, 40_000, 7, 443);
        event.udp = true;
        put(event, one);
        ConnectionQuery query = Events.query(SECOND, 1, 40_000, 7, 443);
        assertThat(find(query)).isNull();
        query.udp = true;
        assertThat(find(query)).isSameAs(one);
    }

    @Test
    void findsTheSameConnectionBehindMasqueradeByItsSequenceNumber() {
        put(Events.of(1, SECOND, 1, 40_000, 7, 443), one);
        put(Events.withSequence(Events.of(1, SECOND + 5, 1, 40_000, 7, 443), 0x8000_1234), one);

        assertThat(find(Events.withSequence(Events.query(SECOND, 99, 61_000, 7, 443), 0x8000_1234)))
                .isSameAs(one);
        assertThat(owners.quality()).isEqualTo(Quality.EXACT);
        assertThat(find(Events.withSequence(Events.query(SECOND, 99, 61_000, 8, 443), 0x8000_1234)))
                .isNull();
        assertThat(find(Events.withSequence(Events.query(SECOND, 99, 61_000, 7, 80), 0x8000_1234)))
                .isNull();
        assertThat(find(Events.withSequence(Events.query(SECOND, 99, 61_000, 7, 443), 0x8000_1235)))
                .isNull();
        assertThat(find(Events.query(SECOND, 99, 61_000, 7, 443))).isNull();
    }

    @Test
    void isNotSureOfASequenceNumberThatWasUsedLongBefore() {
        put(Events.withSequence(Events.of(1, SECOND, 1, 40_000, 7, 443), 77), one);
        assertThat(find(Events.withSequence(Events.query(5 * SECOND, 99, 61_000, 7, 443), 77)))
                .isSameAs(one);
        assertThat(owners.quality()).isEqualTo(Quality.INFERRED);
    }

    @Test
    void theLatestWordOnReusedPortsStands() {
        put(Events.withSequence(Events.of(1, SECOND, 1, 40_000, 7, 443), 10), one);
        put(Events.of(2, SECOND + 1000, 1, 40_000, 7, 443), other);
        assertThat(find(Events.withSequence(Events.query(SECOND, 1, 40_000, 7, 443), 20)))
                .isSameAs(other);
        put(Events.withSequence(Events.of(2, SECOND + 2000, 1, 40_000, 7, 443), 20), other);

        assertThat(find(Events.withSequence(Events.query(SECOND, 1, 40_000, 7, 443), 20)))
                .isSameAs(other);
        assertThat(owners.quality()).isEqualTo(Quality.EXACT);
    }

    @Test
    void aConnectionWhosePortsWereReusedBeforeItsPacketsCameHasItsOwner() {
        put(Events.withSequence(Events.of(1, SECOND, 1, 40_000, 7, 443), 10), one);
        put(Events.of(2, SECOND + 1000, 1, 40_000, 7, 443), other);
        put(Events.withSequence(Events.of(2, SECOND + 2000, 1, 40_000, 7, 443), 20), other);

        assertThat(find(Events.withSequence(Events.query(SECOND, 1, 40_000, 7, 443), 10)))
                .isSameAs(one);
        assertThat(owners.quality()).isEqualTo(Quality.EXACT);
        assertThat(find(Events.withSequence(Events.query(SECOND, 1, 40_000, 7, 443), 30)))
                .isNull();
    }

    @Test
    void aNumberThatDisagreesIsAnotherConnection() {
        put(Events.withSequence(Events.of(1, SECOND, 1, 40_000, 7, 443), 10), one);
        assertThat(find(Events.withSequence(Events.query(SECOND, 1, 40_000, 7, 443), 11)))
                .isNull();
    }

    @Test
    void aConnectionOfAnotherTimeIsNotExact() {
        put(Events.of(1, 10 * SECOND, 1, 40_000, 7, 443), one);
        find(Events.withSequence(Events.query(13 * SECOND, 1, 40_000, 7, 443), 5));
        assertThat(owners.quality()).isEqualTo(Quality.INFERRED);
        assertThat(find(Events.query(5 * SECOND, 1, 40_000, 7, 443))).isNull();
    }

    @Test
    void aConnectionInMidStreamIsExactUntilEventsAreLost() {
        put(Events.of(1, 10 * SECOND, 1, 40_000, 7, 443), one);
        ConnectionQuery query = Events.query(60 * SECOND, 1, 40_000, 7, 443);
        query.midStream = true;
        find(query);
        assertThat(owners.quality()).isEqualTo(Quality.EXACT);
        owners.lost(20 * SECOND);
        find(query);
        assertThat(owners.quality()).isEqualTo(Quality.INFERRED);
    }

    @Test
    void whatIsInferredIsNeverExactAndGivesWayToTheKernelsWord() {
        SocketEvent guess = Events.of(2, SECOND, 1, 40_000, 7, 443);
        guess.inferred = true;
        put(guess, other);
        find(Events.query(SECOND, 1, 40_000, 7, 443));
        assertThat(owners.quality()).isEqualTo(Quality.INFERRED);

        put(Events.of(1, SECOND, 1, 40_000, 7, 443), one);
        assertThat(find(Events.query(SECOND, 1, 40_000, 7, 443))).isSameAs(one);
        assertThat(owners.quality()).isEqualTo(Quality.EXACT);

        put(guess, other);
        assertThat(find(Events.query(SECOND, 1, 40_000, 7, 443))).isSameAs(one);
    }

    @Test
    void aSocketThatIsNotConnectedIsFoundByItsPort() {
        SocketEvent bound = Events.of(1, SECOND, 1, 40_000, 0, 0);
        bound.udp = true;
        bound.sourceLow = 0;
        bound.destinationLow = 0;
        put(bound, one);
        ConnectionQuery query = Events.query(SECOND, 1, 40_000, 7, 443);
        query.udp = true;
        assertThat(find(query)).isSameAs(one);
        assertThat(owners.quality()).isEqualTo(Quality.INFERRED);
    }

    @Test
    void theOldestGiveWayAndAreCounted() {
        for (int i = 0; i < ConnectionOwners.MAX + 10; i++) {
            put(Events.withSequence(Events.of(1, SECOND, i >>> 15, i & 0x7fff, 7, 443), i), one);
        }
        assertThat(owners.shed()).isEqualTo(10);
        assertThat(find(Events.query(SECOND, 0, 9, 7, 443))).isNull();
        assertThat(find(Events.query(SECOND, 0, 10, 7, 443))).isSameAs(one);
        assertThat(find(Events.withSequence(Events.query(SECOND, 200, 9, 7, 443), 9)))
                .isNull();
        assertThat(find(Events.withSequence(Events.query(SECOND, 200, 9, 7, 443), 10)))
                .isSameAs(one);
    }

    /** What the table should hold, and the place in the order of arrival. */
    private record Told(String server, Integer sequence, ProcessRecord process, int place) {}

    @Test
    void saysWhatASlowModelSays() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, Told> byTuple = new HashMap<>();
        Map<String, List<Told>> bySequence = new HashMap<>();
        int places = 0;
        for (int step = 0; step < 200_000; step++) {
            long nanos = step * 3 * SECOND; // So that every event tells of a new connection.
            int source = random.nextInt(4);
            int port = random.nextInt(8000);
            int destination = random.nextInt(3);
            int sequence = random.nextInt(5000);
            boolean known = random.nextBoolean();
            String tuple = source + " " + port + " " + destination;
            if (random.nextInt(3) > 0) {
                Told last = byTuple.get(tuple);
                if (last != null && last.sequence() != null && last.sequence() == sequence) {
                    continue; // It would be the same connection, told again.
                }
                ProcessRecord process = new ProcessRecord(step, 0);
                SocketEvent event = Events.of(step, nanos, source, port, destination, 443);
                Told told = new Told(destination + " " + sequence, known ? sequence : null, process, places++);
                if (known) {
                    Events.withSequence(event, sequence);
                    bySequence
                            .computeIfAbsent(told.server(), unused -> new ArrayList<>())
                            .add(told);
                }
                put(event, process);
                byTuple.put(tuple, told);
                continue;
            }
            ConnectionQuery query = Events.query(nanos, source, port, destination, 443);
            Told told = byTuple.get(tuple);
            if (told != null && told.place() + ConnectionOwners.MAX < places) {
                told = null; // It gave way to a later one.
            }
            if (known) {
                Events.withSequence(
                        query,
                        random.nextBoolean() && told != null && told.sequence() != null ? told.sequence() : sequence);
                if (told == null || (told.sequence() != null && told.sequence() != query.sequence)) {
                    List<Told> same = bySequence.getOrDefault(destination + " " + query.sequence, List.of());
                    told = same.isEmpty() ? null : same.get(same.size() - 1);
                    if (told != null && told.place() + ConnectionOwners.MAX < places) {
                        told = null;
                    }
                }
            }
            assertThat(find(query)).as("seed %d, step %d", seed, step).isSameAs(told == null ? null : told.process());
        }
    }

    @Test
    void exactWordStandsAgainstWhatAnotherMethodFindsAfterwards() {
        put(Events.withSequence(Events.of(1, SECOND, 1, 40_000, 7, 443), 10), one);
        SocketEvent later = Events.of(2, 20 * SECOND, 1, 40_000, 7, 443);
        owners.put(later, other, METHOD + 1, later.monotonicNanos, true);
        assertThat(find(Events.withSequence(Events.query(SECOND, 1, 40_000, 7, 443), 10)))
                .isSameAs(one);
        assertThat(owners.quality()).isEqualTo(Quality.EXACT);
    }
}
