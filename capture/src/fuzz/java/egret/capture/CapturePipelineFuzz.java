// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import com.code_intelligence.jazzer.junit.FuzzTest;
import egret.capture.count.CountSink;
import egret.capture.count.SourceCounter;
import egret.capture.count.SourceCounts;
import egret.capture.count.Vantage;
import egret.capture.decode.Decoded;
import egret.capture.decode.Packet;
import egret.capture.decode.PacketDecoder;
import egret.capture.decode.PacketTotals;
import egret.capture.flow.NameTable;
import egret.capture.origin.Origins;
import egret.capture.pcap.CaptureFiles;
import egret.capture.pcap.RawPacket;
import egret.rules.Clients;
import egret.rules.InsideNetworks;
import egret.rules.Rules;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A handful of TCP segments and datagrams between few addresses and ports through the whole pipeline. What connections
 * and records are built from is in the input, so that the fuzzer gets behind the headers: for each packet direction,
 * flags, sequence, time and payload.
 */
class CapturePipelineFuzz {
    private static final Rules RULES = Rules.builtin();
    private static final Clients CLIENTS = Clients.builtin();
    private static final int MOST_PACKETS = 200;

    private long rows;

    /** The first connections of the incident, each as far as it is there, in the form of {@link #frame}. */
    static Stream<byte[]> seeds() {
        Map<Integer, ByteArrayOutputStream> connections = new TreeMap<>();
        Map<Integer, Integer> first = new HashMap<>();
        PacketDecoder decoder = new PacketDecoder();
        Packet packet = new Packet();
        CaptureFiles.read(
                List.of("../src-test-data/incident/incident.pcap.gz"),
                1,
                raw -> {
                    if (raw.number < 600 && decoder.decode(raw, packet) == Decoded.TCP) {
                        boolean down = packet.sourcePort == 443;
                        int port = down ? packet.destinationPort : packet.sourcePort;
                        int begin = first.computeIfAbsent(port * 2 + (down ? 1 : 0), key -> packet.sequence);
                        byte[] payload = new byte[Math.min(packet.payloadLength, 0x7ff)];
                        packet.bytes.get(packet.payloadOffset, payload);
                        ByteBuffer record = ByteBuffer.allocate(8 + payload.length)
                                .put((byte) (down ? 2 : 0))
                                .put((byte) packet.flags)
                                .putShort((short) (packet.sequence - begin))
                                .put((byte) 5)
                                .put((byte) 1)
                                .putShort((short) payload.length)
                                .put(payload);
                        connections
                                .computeIfAbsent(port, key -> new ByteArrayOutputStream())
                                .writeBytes(record.array());
                    }
                },
                (done, total) -> {});
        return connections.values().stream().limit(20).map(ByteArrayOutputStream::toByteArray);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60s")
    void counts(byte[] bytes) {
        NameTable names = new NameTable();
        PacketTotals totals = new PacketTotals();
        CountSink sink = new CountSink() {
            @Override
            public void counts(SourceCounts interval) {
                rows += interval.rows().size();
            }
        };
        SourceCounter counter = new SourceCounter(
                new SourceCounter.Agent("fuzz", "0", Vantage.FILE),
                RULES,
                CLIENTS,
                InsideNetworks.guess(),
                names,
                totals,
                Origins.NONE,
                sink);
        CapturePipeline pipeline = new CapturePipeline(names, totals, counter);
        ByteBuffer input = ByteBuffer.wrap(bytes);
        RawPacket raw = new RawPacket();
        raw.linkType = 101; // raw IP
        raw.timestampNanos = 1_700_000_000_000_000_000L;
        while (input.remaining() >= 8 && raw.number < MOST_PACKETS) {
            raw.number++;
            frame(input, raw);
            pipeline.packet(raw);
        }
        pipeline.finish();
    }

    private static void frame(ByteBuffer input, RawPacket raw) {
        int kind = input.get();
        int flags = input.get();
        int sequence = input.getShort();
        int steps = input.get() & 0xff;
        raw.timestampNanos += (kind & 0x80) != 0 ? steps * 1_000_000_000L : steps * 100_000L;
        int port = input.get() & 3;
        int length = Math.min(input.getShort() & 0x7ff, input.remaining());
        boolean udp = (kind & 1) != 0;
        boolean down = (kind & 2) != 0;
        boolean natted = (kind & 4) != 0;
        int header = udp ? 8 : 20;
        ByteBuffer frame = ByteBuffer.allocateDirect(20 + header + length);
        int client = natted ? 0xcb007105 : 0x0a00010b;
        int server = 0xc633640a;
        frame.put((byte) 0x45).put((byte) 0).putShort((short) frame.capacity()).putInt(0);
        frame.put((byte) 64).put((byte) (udp ? 17 : 6)).putShort((short) 0);
        frame.putInt(down ? server : client).putInt(down ? client : server);
        short clientPort = (short) (40_000 + port);
        short serverPort = (short) (udp && port < 2 ? 53 : (kind & 8) != 0 ? 8888 : 443);
        frame.putShort(down ? serverPort : clientPort).putShort(down ? clientPort : serverPort);
        if (udp) {
            frame.putShort((short) (8 + length)).putShort((short) 0);
        } else {
            frame.putInt(sequence).putInt(0).put((byte) 0x50).put((byte) flags);
            frame.putShort((short) 0xffff).putInt(0);
        }
        frame.put(frame.position(), input, input.position(), length);
        input.position(input.position() + length);
        raw.bytes = frame;
        raw.offset = 0;
        raw.capturedLength = frame.capacity();
        raw.originalLength = frame.capacity() + ((kind & 0x40) != 0 ? 100 : 0);
    }
}
