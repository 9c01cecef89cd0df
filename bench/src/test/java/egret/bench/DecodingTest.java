// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.decode.Decoded;
import egret.capture.decode.Packet;
import egret.capture.decode.PacketDecoder;
import egret.capture.pcap.CaptureFiles;
import egret.capture.pcap.ReadResult;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecodingTest {
    private static final int PACKETS = 20_000;

    @TempDir
    private Path directory;

    private long connections;
    private long queries;

    @ParameterizedTest
    @EnumSource
    void everyGeneratedPacketIsReadAndDecoded(CaptureFile.Format format) throws IOException {
        Path path = directory.resolve("generated");
        Truth truth;
        try (CaptureFile file = new CaptureFile(
                FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), format)) {
            truth = new Traffic(11).write(file, Profile.SMALL, PACKETS);
        }

        PacketDecoder decoder = new PacketDecoder();
        Packet packet = new Packet();
        List<ReadResult> results = CaptureFiles.read(
                List.of(path.toString()), 1, raw -> count(decoder.decode(raw, packet), packet), (done, total) -> {});

        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.packets()).isEqualTo(PACKETS);
            assertThat(result.truncatedAt()).isEqualTo(-1);
            assertThat(result.error()).isNull();
        });
        assertThat(connections).isEqualTo(truth.connections());
        assertThat(queries).isEqualTo(truth.queries());
    }

    private void count(Decoded outcome, Packet packet) {
        if (outcome == Decoded.TCP) {
            connections += (packet.flags & (Packet.SYN | Packet.ACK)) == Packet.SYN ? 1 : 0;
        } else {
            assertThat(outcome).isEqualTo(Decoded.UDP);
            queries++;
        }
    }
}
