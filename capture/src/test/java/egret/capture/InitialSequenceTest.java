// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.Conversation.Segment;
import egret.capture.decode.PacketTotals;
import egret.capture.flow.Connection;
import egret.capture.flow.ConnectionListener;
import egret.capture.flow.NameTable;
import egret.capture.pcap.RawPacket;
import egret.capture.protocol.ClientHello;
import egret.capture.protocol.HelloBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The sequence number of a connection's SYN, by which its owner is found. */
class InitialSequenceTest {
    private static final int SEQUENCE = 0x9000_0001;
    private static final byte[] HELLO =
            HelloBuilder.curl("registry-1.docker.io", "h2").record();

    /** Notes the number of each connection when it is opened and when it is named; null if it is not known. */
    private static final class Noting implements ConnectionListener {
        private final List<@Nullable Integer> opened = new ArrayList<>();
        private final List<@Nullable Integer> named = new ArrayList<>();

        private static @Nullable Integer sequence(Connection connection) {
            return connection.initialSequenceKnown() ? connection.initialSequence() : null;
        }

        @Override
        public void opened(Connection connection) {
            opened.add(sequence(connection));
        }

        @Override
        public boolean named(Connection connection, @Nullable ClientHello hello) {
            named.add(sequence(connection));
            return false;
        }

        @Override
        public boolean unnamed(Connection connection) {
            return false;
        }
    }

    private static Conversation conversation() {
        return new Conversation("10.0.1.11", 40_000, "198.51.100.10", 443).begins(SEQUENCE, 1);
    }

    private static Noting noted(List<Segment> segments) {
        Noting noting = new Noting();
        CapturePipeline pipeline = new CapturePipeline(new NameTable(), new PacketTotals(), noting);
        RawPacket raw = new RawPacket();
        for (Segment segment : segments) {
            byte[] bytes = Counted.ethernet(segment).get(0).bytes();
            raw.bytes = ByteBuffer.allocateDirect(bytes.length).put(bytes);
            raw.capturedLength = bytes.length;
            raw.originalLength = bytes.length;
            raw.timestampNanos = segment.nanos();
            raw.linkType = 1;
            pipeline.packet(raw);
        }
        pipeline.finish();
        return noting;
    }

    @Test
    void isThatOfTheSyn() {
        Noting noting = noted(conversation().opened().client(HELLO).closed().segments());
        assertThat(noting.opened).containsExactly(SEQUENCE);
        assertThat(noting.named).containsExactly(SEQUENCE);
    }

    @Test
    void isThatOfTheSynAlsoWhenItCarriesTheHello() {
        Noting noting = noted(conversation().syn(HELLO).synAck().closed().segments());
        assertThat(noting.named).containsExactly(SEQUENCE);
    }

    @Test
    void isWhatTheSynAckAcknowledges() {
        List<Segment> segments = conversation().opened().client(HELLO).closed().segments();
        Noting noting = noted(segments.subList(1, segments.size()));
        assertThat(noting.opened).containsExactly(SEQUENCE);
        assertThat(noting.named).containsExactly(SEQUENCE);
    }

    @Test
    void isNotKnownInMidStream() {
        List<Segment> segments = conversation().opened().client(HELLO).closed().segments();
        Noting noting = noted(segments.subList(2, segments.size()));
        assertThat(noting.opened).hasSize(1).containsOnlyNulls();
        assertThat(noting.named).hasSize(1).containsOnlyNulls();
    }

    @Test
    void isThatOfTheSynAlsoForAHelloBehindOtherBytes() {
        Noting noting = noted(conversation()
                .opened()
                .server("220 hello\r\n")
                .client("STARTTLS\r\n")
                .server("220 go\r\n")
                .client(HELLO)
                .closed()
                .segments());
        assertThat(noting.named).containsExactly(SEQUENCE);
    }

    @Test
    void isForgottenWithItsConnection() {
        List<Segment> next = new Conversation("10.0.1.12", 40_001, "198.51.100.10", 443)
                .at(1000)
                .opened()
                .client(HELLO)
                .segments();
        List<Segment> both =
                new ArrayList<>(conversation().opened().client(HELLO).closed().segments());
        both.addAll(next.subList(2, next.size()));
        assertThat(noted(both).opened).containsExactly(SEQUENCE, null);
    }
}
