// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import static egret.capture.decode.Samples.DESTINATION;
import static egret.capture.decode.Samples.DESTINATION6;
import static egret.capture.decode.Samples.SOURCE;
import static egret.capture.decode.Samples.SOURCE6;
import static egret.capture.decode.Samples.inIpv4;
import static egret.capture.decode.Samples.inIpv6;
import static egret.capture.decode.Samples.segment;
import static egret.capture.decode.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.pcap.RawPacket;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PacketDecoderTest {
    private final PacketDecoder decoder = new PacketDecoder();

    @Test
    void setsEveryFieldOfATcpSegmentInIpv4() {
        RawPacket raw = Sight.raw(inIpv4(segment()).ethernet().bytes(), 112, 112, 1, 0);
        raw.number = 7;
        raw.file = 2;
        raw.interfaceIndex = 3;
        Packet packet = new Packet();

        assertThat(decoder.decode(raw, packet)).isEqualTo(Decoded.TCP);

        assertThat(packet.bytes).isSameAs(raw.bytes);
        assertThat(packet.timestampNanos).isEqualTo(1_700_000_000_000_000_000L);
        assertThat(packet.number).isEqualTo(7);
        assertThat(packet.file).isEqualTo(2);
        assertThat(packet.interfaceIndex).isEqualTo(3);
        assertThat(packet.ipv4).isTrue();
        assertThat(packet.sourceHigh).isZero();
        assertThat(packet.sourceLow).isEqualTo(0x0000_ffff_c000_020aL);
        assertThat(packet.destinationHigh).isZero();
        assertThat(packet.destinationLow).isEqualTo(0x0000_ffff_c633_6414L);
        assertThat(packet.ttl).isEqualTo(57);
        assertThat(packet.vni).isEqualTo(-1);
        assertThat(packet.sourcePort).isEqualTo(50123);
        assertThat(packet.destinationPort).isEqualTo(443);
        assertThat(packet.sequence).isEqualTo(0xfedcba98);
        assertThat(packet.acknowledgment).isEqualTo(0x01234567);
        assertThat(packet.flags).isEqualTo(Packet.PSH | Packet.ACK);
        assertThat(packet.optionsOffset).isEqualTo(raw.offset + 54);
        assertThat(packet.payloadOffset).isEqualTo(raw.offset + 62);
        assertThat(packet.payloadLength).isEqualTo(50);
        assertThat(packet.payloadOriginalLength).isEqualTo(50);
    }

    @Test
    void setsTheAddressesOfIpv6() {
        Packet packet = new Packet();
        byte[] frame = inIpv6(segment()).ethernet().bytes();

        assertThat(decoder.decode(Sight.raw(frame, frame.length, frame.length, 1, 0), packet))
                .isEqualTo(Decoded.TCP);

        assertThat(packet.ipv4).isFalse();
        assertThat(packet.sourceHigh).isEqualTo(0x2001_0db8_0000_0000L);
        assertThat(packet.sourceLow).isEqualTo(0x10);
        assertThat(packet.destinationHigh).isEqualTo(0x2001_0db8_0001_0000L);
        assertThat(packet.destinationLow).isEqualTo(0x20);
        assertThat(packet.ttl).isEqualTo(57);
    }

    @Test
    void leavesNoTcpFieldsOfAnEarlierPacketInADatagram() {
        Packet packet = new Packet();
        byte[] tcp = inIpv4(segment()).ethernet().bytes();
        byte[] udp = inIpv4(FrameBuilder.udp(5, 6, new byte[3])).ethernet().bytes();
        decoder.decode(Sight.raw(tcp, tcp.length, tcp.length, 1, 0), packet);

        assertThat(decoder.decode(Sight.raw(udp, udp.length, udp.length, 1, 0), packet))
                .isEqualTo(Decoded.UDP);

        assertThat(packet.sequence).isZero();
        assertThat(packet.acknowledgment).isZero();
        assertThat(packet.flags).isZero();
        assertThat(packet.optionsOffset).isEqualTo(packet.payloadOffset);
        assertThat(packet.payloadLength).isEqualTo(3);
    }

    @Test
    void theStraightLineAndTheWalkComeToTheSameResult() {
        Samples.frames().forEach((name, frame) -> {
            RawPacket raw = Sight.raw(frame.bytes(), frame.bytes().length, frame.bytes().length, frame.linkType(), 0);
            Packet packet = new Packet();
            packet.vni = -1;
            Sight walked = Sight.of(new PacketDecoder().walk(raw, packet), packet);
            assertThat(Sight.of(new PacketDecoder(), raw)).as(name).isEqualTo(walked);
        });
    }

    @Test
    void takesTheFramesLengthWhereTheDatagramStatesNone() {
        byte[] payload = text(70_000);
        byte[] frame = FrameBuilder.tcp(1, 443, 1, Packet.ACK, payload)
                .ipv4(SOURCE, DESTINATION)
                .ethernet()
                .bytes();
        frame[16] = 0;
        frame[17] = 0;
        byte[] frame6 = FrameBuilder.tcp(1, 443, 1, Packet.ACK, payload)
                .ipv6(SOURCE6, DESTINATION6, 64, 0)
                .ethernet()
                .bytes();

        assertThat(Sight.of(decoder, frame, 1).payloadOriginalLength()).isEqualTo(70_000);
        assertThat(Sight.of(decoder, frame6, 1).payload())
                .isEqualTo(HexFormat.of().formatHex(payload));
    }

    @Test
    void takesTheLengthOfAJumbogramFromItsOption() {
        FrameBuilder frame = FrameBuilder.tcp(1, 443, 1, Packet.ACK, text(70_000))
                .jumbo()
                .ipv6(SOURCE6, DESTINATION6, 64, 0)
                .ethernet(10);

        assertThat(Sight.of(decoder, frame).payloadOriginalLength()).isEqualTo(70_000);
    }

    @Test
    void reportsWhatTheSnaplenCut() {
        byte[] frame = inIpv4(segment()).ethernet().bytes();

        Sight sight = Sight.of(decoder, Sight.raw(frame, 70, frame.length, 1, 0x55));

        assertThat(sight.outcome()).isEqualTo(Decoded.TCP);
        assertThat(sight.payload()).hasSize(2 * 8);
        assertThat(sight.payloadOriginalLength()).isEqualTo(50);
    }

    @Test
    void takesASegmentWhoseOptionsTheSnaplenCut() {
        byte[] frame = inIpv4(segment()).ethernet().bytes();

        Sight sight = Sight.of(decoder, Sight.raw(frame, 58, frame.length, 1, 0x55));

        assertThat(sight.outcome()).isEqualTo(Decoded.TCP);
        assertThat(sight.options()).isEqualTo("020405b4");
        assertThat(sight.payload()).isEmpty();
        assertThat(sight.payloadOriginalLength()).isEqualTo(50);
    }

    @Test
    void leavesOutWhatFollowsADatagramsOwnLength() {
        byte[] udp = Bytes.join(FrameBuilder.udp(5, 6, text(30)).bytes(), new byte[4]);
        FrameBuilder longer = FrameBuilder.payload(17, udp);

        assertThat(Sight.of(decoder, inIpv4(longer).ethernet(2)))
                .isEqualTo(Sight.of(decoder, inIpv4(FrameBuilder.udp(5, 6, text(30)))));
    }

    @Test
    void believesTheDatagramWhenAMirrorCutIt() {
        byte[] whole = inIpv4(segment()).bytes();
        byte[] cut = java.util.Arrays.copyOf(whole, 60);

        Sight sight = Sight.of(
                decoder,
                FrameBuilder.etherPayload(0x0800, cut)
                        .ethernet()
                        .vxlan(9)
                        .ipv4("10.0.0.1", "10.0.0.2")
                        .ethernet());

        assertThat(sight.outcome()).isEqualTo(Decoded.TCP);
        assertThat(sight.payload()).hasSize(2 * 12);
        assertThat(sight.payloadOriginalLength()).isEqualTo(50);
    }

    @Test
    void ignoresAnOriginalLengthBelowTheCapturedOne() {
        byte[] frame = inIpv4(segment()).ethernet().bytes();

        assertThat(Sight.of(decoder, Sight.raw(frame, frame.length, 0, 1, 0))).isEqualTo(Sight.of(decoder, frame, 1));
    }

    @Test
    void callsAWrongDataOffsetMalformed() {
        byte[] frame = inIpv4(segment()).ethernet().bytes();
        frame[46] = 0x40;
        assertThat(Sight.of(decoder, frame, 1).outcome()).isEqualTo(Decoded.MALFORMED);
        byte[] bare = inIpv4(FrameBuilder.tcp(1, 2, 3, Packet.SYN, new byte[0]))
                .ethernet()
                .bytes();
        bare[46] = 0x60;
        assertThat(Sight.of(decoder, bare, 1).outcome()).isEqualTo(Decoded.MALFORMED);
    }

    @Test
    void callsHeadersThatContradictThemselvesMalformed() {
        byte[] shortHeader = inIpv4(segment()).ethernet().bytes();
        shortHeader[14] = 0x44;
        assertThat(Sight.of(decoder, shortHeader, 1).outcome()).isEqualTo(Decoded.MALFORMED);
        byte[] shortTotal = inIpv4(segment()).ethernet().bytes();
        shortTotal[17] = 19;
        assertThat(Sight.of(decoder, shortTotal, 1).outcome()).isEqualTo(Decoded.MALFORMED);
        byte[] otherVersion = inIpv4(segment()).raw().bytes();
        otherVersion[0] = 0x55;
        assertThat(Sight.of(decoder, otherVersion, 101).outcome()).isEqualTo(Decoded.MALFORMED);
        byte[] shortUdp = inIpv4(FrameBuilder.udp(1, 2, new byte[9])).ethernet().bytes();
        shortUdp[39] = 7;
        assertThat(Sight.of(decoder, shortUdp, 1).outcome()).isEqualTo(Decoded.MALFORMED);
    }

    @Test
    void tellsAShortFrameFromACutOne() {
        byte[] frame = inIpv4(segment()).ethernet().bytes();

        assertThat(Sight.of(decoder, Sight.raw(frame, 40, frame.length, 1, 0)).outcome())
                .isEqualTo(Decoded.TRUNCATED);
        assertThat(Sight.of(decoder, Sight.raw(frame, 13, 13, 1, 0)).outcome()).isEqualTo(Decoded.MALFORMED);
        assertThat(Sight.of(decoder, Sight.raw(frame, 0, 0, 1, 0)).outcome()).isEqualTo(Decoded.MALFORMED);
    }

    @Test
    void takesNoPacketFromAnErrorMessage() {
        FrameBuilder frame = FrameBuilder.payload(
                        1, Bytes.join(new byte[8], inIpv4(segment()).bytes()))
                .ipv4(DESTINATION, SOURCE)
                .ethernet();

        assertThat(Sight.of(decoder, frame).outcome()).isEqualTo(Decoded.OTHER);
    }

    @Test
    void namesWhatIsNeitherTcpNorUdp() {
        assertThat(Sight.of(
                                decoder,
                                FrameBuilder.etherPayload(0x0806, new byte[28]).ethernet())
                        .outcome())
                .isEqualTo(Decoded.OTHER);
        assertThat(Sight.of(
                                decoder,
                                FrameBuilder.payload(132, new byte[28])
                                        .ipv4(SOURCE, DESTINATION)
                                        .ethernet())
                        .outcome())
                .isEqualTo(Decoded.OTHER);
        assertThat(Sight.of(decoder, new byte[60], 147).outcome()).isEqualTo(Decoded.UNKNOWN_LINK_TYPE);
    }
}
