// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.InputFile;
import egret.analyzer.inspect.Inspection;
import egret.analyzer.inspect.InspectionCollector;
import egret.analyzer.pipeline.AnalyzerPipeline;
import egret.capture.CapturePipeline;
import egret.capture.count.CountSink;
import egret.capture.count.SourceCounter;
import egret.capture.count.SourceCounts;
import egret.capture.count.Vantage;
import egret.capture.decode.PacketTotals;
import egret.capture.flow.NameTable;
import egret.capture.pcap.CaptureFiles;
import egret.capture.pcap.PacketSink;
import egret.capture.pcap.RawPacket;
import egret.capture.pcap.ReadProgress;
import egret.capture.pcap.ReadResult;
import egret.rules.Clients;
import egret.rules.InsideNetworks;
import egret.rules.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/** Both halves in one process, over files: capture counts, and the analyzer takes the counts as they come. */
final class OfflineAnalysis implements Analysis {
    private static final SourceCounter.Agent AGENT = new SourceCounter.Agent("file", "", Vantage.FILE);

    /** Hands packets on and remembers from when to when they are. */
    private static final class Span implements PacketSink {
        private final CapturePipeline pipeline;
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;

        Span(CapturePipeline pipeline) {
            this.pipeline = pipeline;
        }

        @Override
        public void packet(RawPacket packet) {
            first = Math.min(first, packet.timestampNanos);
            last = Math.max(last, packet.timestampNanos);
            pipeline.packet(packet);
        }
    }

    @Override
    public Answer analyze(AnalyzeRequest request, Progress progress) {
        Clients clients = Clients.builtin();
        NameTable names = new NameTable();
        PacketTotals totals = new PacketTotals();
        AnalyzerPipeline analyzer = new AnalyzerPipeline(request.rules(), clients, 0);
        CountSink counts = new CountSink() {
            @Override
            public void counts(SourceCounts interval) {
                analyzer.accept(interval);
            }
        };
        SourceCounter counter =
                new SourceCounter(AGENT, request.rules(), clients, request.inside(), names, totals, counts);
        CapturePipeline capture = new CapturePipeline(names, totals, counter);
        Span span = new Span(capture);
        List<ReadResult> results = CaptureFiles.read(request.files(), request.threads(), span, hearing(progress));
        capture.finish();
        return analyzer.finish(input(results, span, request.inside()));
    }

    @Override
    public Inspection inspect(String file, Progress progress) {
        NameTable names = new NameTable();
        PacketTotals totals = new PacketTotals();
        InspectionCollector collector = new InspectionCollector(names, totals);
        CapturePipeline capture = new CapturePipeline(names, totals, collector);
        List<ReadResult> results = CaptureFiles.read(List.of(file), 1, capture, hearing(progress));
        capture.finish();
        return collector.inspection(results.get(0));
    }

    private static Input input(List<ReadResult> results, Span span, InsideNetworks inside) {
        List<InputFile> files = new ArrayList<>(results.size());
        for (ReadResult result : results) {
            Long truncatedAt = result.truncatedAt() < 0 ? null : result.truncatedAt();
            files.add(new InputFile(result.path(), result.packets(), result.bytes(), truncatedAt, result.error()));
        }
        List<String> networks = new ArrayList<>();
        for (IpPrefix prefix : inside.prefixes()) {
            networks.add(prefix.toString());
        }
        boolean empty = span.last == Long.MIN_VALUE;
        return new Input(files, empty ? 0 : span.first, empty ? 0 : span.last, networks, inside.guessed());
    }

    private static ReadProgress hearing(Progress progress) {
        return new ReadProgress() {
            @Override
            public void read(long bytesDone, long bytesTotal) {
                progress.read(bytesDone, bytesTotal);
            }
        };
    }
}
