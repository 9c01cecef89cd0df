// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import egret.capture.evidence.Evidence.Kind;

/**
 * Cuts bytes into lines and reads them. Bytes may come in any pieces: a line is complete with its newline, or at the end.
 * One thread; memory does not depend on what is read.
 */
final class LogScanner {
    /** What is longer is cut there: no daemon writes such lines. */
    static final int MAX_LINE = 64 << 10;

    private final LogFormat format;
    private final EvidenceCounter counter;
    private final boolean numbered;
    private final LogLine line = new LogLine();
    private final byte[] rest = new byte[MAX_LINE];
    private int restLength;
    private boolean overlong;
    private long lines;
    private long used;
    private long undated;
    private long overlongLines;

    LogScanner(LogTime time, EvidenceCounter counter) {
        this(time, counter, true);
    }

    /** @param numbered whether the first line that comes is the first of the file */
    LogScanner(LogTime time, EvidenceCounter counter, boolean numbered) {
        this.format = new LogFormat(time);
        this.counter = counter;
        this.numbered = numbered;
    }

    void bytes(byte[] b, int from, int to) {
        int start = from;
        for (int i = newline(b, from, to); i < to; i = newline(b, start, to)) {
            if (restLength == 0 && !overlong) {
                complete(b, start, i);
            } else {
                keep(b, start, i);
                completeRest();
            }
            start = i + 1;
        }
        keep(b, start, to);
    }

    private static int newline(byte[] b, int from, int to) {
        return ByteSearch.find(b, from, to, (byte) '\n');
    }

    private void keep(byte[] b, int from, int to) {
        int length = Math.min(to - from, rest.length - restLength);
        System.arraycopy(b, from, rest, restLength, length);
        restLength += length;
        overlong |= length < to - from;
    }

    private void completeRest() {
        if (overlong) {
            overlongLines++;
        }
        complete(rest, 0, restLength);
        restLength = 0;
        overlong = false;
    }

    /** What is left is a line too. */
    void end() {
        if (restLength > 0) {
            completeRest();
        }
        counter.flush();
    }

    private void complete(byte[] b, int from, int newline) {
        lines++;
        int to = newline > from && b[newline - 1] == '\r' ? newline - 1 : newline;
        if (to - from > MAX_LINE || !format.read(b, from, to, line)) {
            return;
        }
        Kind kind = Phrases.kind(line);
        if (kind == null) {
            return;
        }
        if (line.nanos == LogLine.UNDATED) {
            undated++;
            return;
        }
        used++;
        counter.add(kind, line, numbered ? lines : 0);
    }

    long lines() {
        return lines;
    }

    /** Lines that became evidence. */
    long used() {
        return used;
    }

    /** Lines that would have, had they told their time. */
    long undated() {
        return undated;
    }

    /** Lines that were cut. */
    long overlong() {
        return overlongLines;
    }
}
