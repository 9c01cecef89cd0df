// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.pipeline.AnalyzerPipeline;
import egret.capture.evidence.Evidence;
import egret.capture.evidence.Evidence.Kind;
import egret.capture.evidence.EvidenceSink;

/** Hands on what a log says of the time of the captures: a log may be months long. */
final class LogEvidence implements EvidenceSink {
    private static final long SECOND = 1_000_000_000L;
    private static final int BEFORE = 300; // seconds: services that fail already when the capture begins
    private static final int AFTER = 60;

    private final AnalyzerPipeline analyzer;
    private final long first;
    private final long last;
    private long inTime;

    LogEvidence(AnalyzerPipeline analyzer, long firstNanos, long lastNanos) {
        this.analyzer = analyzer;
        first = firstNanos / SECOND - BEFORE;
        last = lastNanos / SECOND + AFTER;
    }

    /** Names are of all times, and what was left unpinned long ago still is. */
    @Override
    public void evidence(Evidence evidence) {
        boolean near = evidence.second() >= first && evidence.second() <= last;
        boolean lasting = evidence.kind() == Kind.SERVICE
                || (evidence.kind() == Kind.RESOLVE_FAILED && evidence.second() <= last);
        if (near || lasting) {
            analyzer.evidence(evidence);
        }
        if (near && evidence.kind() != Kind.SERVICE) {
            inTime += evidence.count();
        }
    }

    long inTime() {
        return inTime;
    }
}
