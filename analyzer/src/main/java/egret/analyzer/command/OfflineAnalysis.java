// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.Answer;
import egret.analyzer.inspect.Inspection;
import egret.analyzer.inspect.InspectionCollector;
import egret.analyzer.pipeline.AnalyzerPipeline;
import egret.capture.CapturePipeline;
import egret.capture.count.CountSink;
import egret.capture.count.SourceCounter;
import egret.capture.count.SourceCounts;
import egret.capture.count.Vantage;
import egret.capture.decode.PacketTotals;
import egret.capture.evidence.LogFiles;
import egret.capture.evidence.LogResult;
import egret.capture.flow.NameTable;
import egret.capture.origin.Origins;
import egret.capture.pcap.CaptureFiles;
import egret.capture.pcap.ReadProgress;
import egret.capture.pcap.ReadResult;
import egret.rules.Clients;
import egret.rules.IpAddress;
import egret.rules.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/** The offline pipeline behind the commands: files → capture → counts → analyzer → answer, in this process. */
final class OfflineAnalysis implements Analysis {
    @Override
    public Answer analyze(AnalyzeRequest request, Progress progress) {
        Clients clients = Clients.builtin();
        AnalyzerPipeline analyzer = new AnalyzerPipeline(request.rules(), clients, 0);
        NameTable names = new NameTable();
        PacketTotals totals = new PacketTotals();
        SourceCounter counter = new SourceCounter(
                new SourceCounter.Agent("file", "0", Vantage.FILE),
                request.rules(),
                clients,
                request.inside(),
                names,
                totals,
                Origins.NONE,
                sink(analyzer));
        CapturePipeline capture = new CapturePipeline(names, totals, counter);
        List<ReadResult> files = CaptureFiles.read(request.files(), request.threads(), capture, hearing(progress));
        capture.finish();
        List<Answer.InputLog> logs = logs(request, analyzer, totals);
        return analyzer.finish(input(request, files, logs, totals));
    }

    /** After the captures, whose time tells the year of lines without one. */
    private static List<Answer.InputLog> logs(AnalyzeRequest request, AnalyzerPipeline analyzer, PacketTotals totals) {
        List<Answer.InputLog> logs = new ArrayList<>();
        for (LogFile log : request.logs()) {
            IpAddress source = log.source();
            if (source != null) {
                analyzer.logOf(log.path(), source);
            }
            LogEvidence evidence = new LogEvidence(analyzer, totals.firstNanos(), totals.lastNanos());
            LogResult read = LogFiles.read(log.path(), totals.lastNanos() / 1_000_000_000L, evidence);
            logs.add(new Answer.InputLog(
                    read.path(),
                    read.bytes(),
                    read.lines(),
                    read.used(),
                    evidence.inTime(),
                    read.undated(),
                    read.overlong(),
                    read.shed(),
                    read.zoneAssumed(),
                    read.error()));
        }
        return logs;
    }

    @Override
    public Inspection inspect(String file, Progress progress) {
        NameTable names = new NameTable();
        PacketTotals totals = new PacketTotals();
        InspectionCollector collector = new InspectionCollector(names, totals);
        CapturePipeline capture = new CapturePipeline(names, totals, collector);
        List<ReadResult> files = CaptureFiles.read(List.of(file), 1, capture, hearing(progress));
        capture.finish();
        return collector.inspection(files.get(0));
    }

    // Classes of their own, as a lambda costs some ten milliseconds of the start.

    private static CountSink sink(AnalyzerPipeline analyzer) {
        return new CountSink() {
            @Override
            public void counts(SourceCounts interval) {
                analyzer.accept(interval);
            }
        };
    }

    private static ReadProgress hearing(Progress progress) {
        return new ReadProgress() {
            @Override
            public void read(long bytesDone, long bytesTotal) {
                progress.read(bytesDone, bytesTotal);
            }
        };
    }

    private static Answer.Input input(
            AnalyzeRequest request, List<ReadResult> results, List<Answer.InputLog> logs, PacketTotals totals) {
        List<Answer.InputFile> files = new ArrayList<>();
        for (ReadResult result : results) {
            files.add(new Answer.InputFile(
                    result.path(),
                    result.packets(),
                    result.bytes(),
                    result.truncatedAt() < 0 ? null : result.truncatedAt(),
                    result.error()));
        }
        List<String> inside = new ArrayList<>();
        for (IpPrefix prefix : request.inside().prefixes()) {
            inside.add(prefix.toString());
        }
        return new Answer.Input(
                files,
                List.of(),
                totals.firstNanos(),
                totals.lastNanos(),
                inside,
                request.inside().guessed(),
                logs,
                request.pullLimits());
    }
}
