// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.live.Interfaces;
import egret.capture.live.LiveOptions;
import egret.capture.pcap.CaptureWriter;
import egret.capture.pcap.CapturedInterface;
import egret.capture.pcap.PacketComments;
import egret.capture.pcap.RawPacket;
import egret.capture.pcap.WriteCounts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes live packets to a file that describes their interfaces. On the capturing thread, but for {@link #counts}. */
final class WriteAside implements AutoCloseable {
    private final CaptureWriter writer;

    /** The kernel's numbers of the interfaces, in the order in which the file describes them. */
    private final int[] kernelIndexes;

    private WriteAside(CaptureWriter writer, int[] kernelIndexes) {
        this.writer = writer;
        this.kernelIndexes = kernelIndexes;
    }

    /** @throws IOException if the file cannot be created */
    static WriteAside open(LiveSetup.Write write, LiveOptions options, PacketComments comments) throws IOException {
        List<String> names = options.interfaces();
        List<Interfaces.Found> captured = new ArrayList<>(Interfaces.here().found());
        captured.removeIf(found -> !names.contains(found.name()) && !names.contains(LiveOptions.ANY));
        List<CapturedInterface> described = new ArrayList<>();
        int[] indexes = new int[captured.size()];
        for (Interfaces.Found found : captured) {
            indexes[described.size()] = found.index();
            described.add(new CapturedInterface(found.name(), found.linkType(), options.snaplen()));
        }
        return new WriteAside(CaptureWriter.open(write.name(), described, write.rotation(), comments), indexes);
    }

    /** To be called when the packet has been through the pipeline: it is changed. */
    void packet(RawPacket packet) {
        int place = kernelIndexes.length - 1;
        while (place >= 0 && kernelIndexes[place] != packet.interfaceIndex) {
            place--;
        }
        packet.interfaceIndex = place;
        writer.packet(packet);
    }

    void time(long nanos) {
        writer.time(nanos);
    }

    WriteCounts counts() {
        return writer.counts();
    }

    @Override
    public void close() {
        writer.close();
    }
}
