// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import static egret.capture.decode.Samples.datagram;
import static egret.capture.decode.Samples.inIpv4;
import static egret.capture.decode.Samples.inIpv6;
import static egret.capture.decode.Samples.links;
import static egret.capture.decode.Samples.segment;
import static egret.capture.decode.Samples.tunnels;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class EncapsulationTest {
    private final PacketDecoder decoder = new PacketDecoder();

    private static List<FrameBuilder> packets() {
        return List.of(inIpv4(segment()), inIpv6(segment()), inIpv4(datagram()), inIpv6(datagram()));
    }

    @Test
    void everyLinkShowsTheSamePacket() {
        for (FrameBuilder packet : packets()) {
            Sight plain = Sight.of(decoder, packet);
            assertThat(plain.outcome()).isIn(Decoded.TCP, Decoded.UDP);
            links().forEach((name, link) ->
                    assertThat(Sight.of(decoder, link.apply(packet))).as(name).isEqualTo(plain));
        }
    }

    @Test
    void everyTunnelInEveryLinkShowsTheInnermostPacket() {
        for (FrameBuilder packet : packets()) {
            Sight plain = Sight.of(decoder, packet);
            tunnels()
                    .forEach((tunnel, wrap) -> links().forEach((link, frame) -> {
                        Sight expected = plain.withVni(Samples.setsVni(tunnel) ? 77 : -1);
                        assertThat(Sight.of(decoder, frame.apply(wrap.apply(packet))))
                                .as("%s in %s", tunnel, link)
                                .isEqualTo(expected);
                    }));
        }
    }

    @Test
    void everyTunnelInEveryTunnelShowsTheInnermostPacket() {
        for (FrameBuilder packet : packets()) {
            Sight plain = Sight.of(decoder, packet);
            for (Map.Entry<String, UnaryOperator<FrameBuilder>> inner :
                    tunnels().entrySet()) {
                for (Map.Entry<String, UnaryOperator<FrameBuilder>> outer :
                        tunnels().entrySet()) {
                    boolean vni = Samples.setsVni(inner.getKey()) || Samples.setsVni(outer.getKey());
                    FrameBuilder frame = outer.getValue()
                            .apply(inner.getValue().apply(packet))
                            .vlan(5)
                            .ethernet();
                    assertThat(Sight.of(decoder, frame))
                            .as("%s in %s", inner.getKey(), outer.getKey())
                            .isEqualTo(plain.withVni(vni ? 77 : -1));
                }
            }
        }
    }

    @Test
    void teredoShowsTheInnermostPacket() {
        Sight plain = Sight.of(decoder, inIpv6(segment()));

        for (boolean indicated : new boolean[] {true, false}) {
            FrameBuilder frame = inIpv6(segment())
                    .teredo(indicated)
                    .ipv4("10.0.0.1", "10.0.0.2")
                    .ethernet();
            assertThat(Sight.of(decoder, frame)).isEqualTo(plain);
        }
    }

    @Test
    void loopbackFamiliesOfEverySystemAndByteOrderAreKnown() {
        Sight four = Sight.of(decoder, inIpv4(segment()));
        Sight six = Sight.of(decoder, inIpv6(segment()));

        for (int linkType : new int[] {0, 108}) {
            for (boolean littleEndian : new boolean[] {true, false}) {
                assertThat(Sight.of(decoder, inIpv4(segment()).loopback(linkType, 2, littleEndian)))
                        .isEqualTo(four);
                for (int family : new int[] {10, 23, 24, 28, 30}) {
                    assertThat(Sight.of(decoder, inIpv6(segment()).loopback(linkType, family, littleEndian)))
                            .isEqualTo(six);
                }
            }
        }
    }

    @Test
    void rawAndVersionedLinkTypesAreTheSame() {
        byte[] packet = inIpv4(segment()).bytes();
        Sight plain = Sight.of(decoder, packet, 228);

        for (int linkType : new int[] {12, 14, 101}) {
            assertThat(Sight.of(decoder, packet, linkType)).isEqualTo(plain);
        }
    }

    @Test
    void extensionHeadersAreFollowedInAnyNumber() {
        FrameBuilder packet = segment();
        Sight plain = Sight.of(decoder, inIpv6(packet));
        for (int type : new int[] {60, 51, 43, 135, 139, 140, 60, 0}) {
            packet = packet.extension(type, 16);
        }

        assertThat(Sight.of(decoder, inIpv6(packet))).isEqualTo(plain);
    }

    @Test
    void eightIpHeadersAreFollowedAndNineAreTooDeep() {
        FrameBuilder packet = inIpv4(segment());
        Sight plain = Sight.of(decoder, packet);
        for (int i = 0; i < 7; i++) {
            packet = packet.ipv4("10.0.0.1", "10.0.0." + i);
        }

        assertThat(Sight.of(decoder, packet.ethernet())).isEqualTo(plain);
        assertThat(Sight.of(decoder, packet.gre(0).ipv4("10.0.0.1", "10.0.0.9").ethernet())
                        .outcome())
                .isEqualTo(Decoded.TOO_DEEP);
    }

    @Test
    void tagsWithoutEndAreTooDeep() {
        FrameBuilder frame = inIpv4(segment());
        for (int i = 0; i < 100; i++) {
            frame = frame.vlan(i);
        }

        assertThat(Sight.of(decoder, frame.ethernet()).outcome()).isEqualTo(Decoded.TOO_DEEP);
    }

    @Test
    void aTunnelsPortAloneIsNoTunnel() {
        byte[][] payloads = {new byte[60], Samples.text(60), new byte[0], {8, 0, 0, 0}, {0x30, (byte) 0xff, 0, 0}};
        for (int port : new int[] {4789, 8472, 4790, 6081, 2152, 3544, 1701, 5247, 4754}) {
            for (byte[] payload : payloads) {
                Sight sight = Sight.of(
                        decoder, inIpv4(FrameBuilder.udp(50123, port, payload)).ethernet());
                assertThat(sight.outcome()).as("port %d", port).isEqualTo(Decoded.UDP);
                assertThat(sight.destinationPort()).isEqualTo(port);
                assertThat(sight.vni()).isEqualTo(-1);
                assertThat(sight.payloadOriginalLength()).isEqualTo(payload.length);
            }
        }
    }
}
