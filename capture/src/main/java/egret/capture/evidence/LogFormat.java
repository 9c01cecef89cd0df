// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads one line, whatever wrote it: logrus text or JSON, bare or behind the prefix of syslog (RFC 3164, with or without
 * year, RFC 5424's time), in journald's JSON, in a container's json-file or CRI log; klog. Each line is recognised by
 * itself, as logs are mixed. One thread.
 */
final class LogFormat {
    /** Logs in logs: a container's file that holds a daemon's JSON. */
    private static final int DEEPEST = 3;

    private static final byte[] TIME = ascii("time=");
    private static final byte[] LEVEL = ascii("level=");
    private static final byte[] MSG = ascii("msg=");

    private final LogTime time;
    private final LogFields fields = new LogFields();
    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxStringLength(LogScanner.MAX_LINE)
                    .build())
            .build();

    LogFormat(LogTime time) {
        this.time = time;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the line says something in a form that is known; the rest of {@code line} is valid then. */
    boolean read(byte[] b, int from, int to, LogLine line) {
        line.clear();
        time.begin();
        return read(b, from, to, line, 0);
    }

    private boolean read(byte[] b, int start, int to, LogLine line, int depth) {
        int from = start;
        while (from < to && b[from] <= ' ') {
            from++;
        }
        if (to - from < 8 || depth > DEEPEST) {
            return false;
        }
        byte c = b[from];
        if (c == '{') {
            return json(b, from, to, line, depth);
        }
        if (c == '<') { // a priority, as syslog sends it
            int end = indexOf(b, from, Math.min(to, from + 6), (byte) '>');
            return end >= 0 && read(b, end + 1, to, line, depth + 1);
        }
        if (starts(b, from, to, TIME)) {
            return logrus(b, from, to, line);
        }
        if (c >= '0' && c <= '9') {
            return dated(b, from, to, line, depth);
        }
        if ((c == 'E' || c == 'W' || c == 'I' || c == 'F') && b[from + 1] >= '0' && b[from + 1] <= '9') {
            return klog(b, from, to, line);
        }
        long nanos = to - from > 16 ? time.syslog(b, from, to) : LogLine.UNDATED;
        if (nanos != LogLine.UNDATED) {
            line.nanos = nanos;
            return behindSyslog(b, from + 16, to, line, depth);
        }
        return depth > 0 && plain(b, from, to, line);
    }

    /** {@code 2026-11-23T01:26:19.5+00:00 host dockerd[12]: ...}, or CRI's {@code ... stderr F ...}. */
    private boolean dated(byte[] b, int from, int to, LogLine line, int depth) {
        int end = indexOf(b, from, to, (byte) ' ');
        if (end < 0) {
            return false;
        }
        if (end - from == 1) { // RFC 5424: a version first
            return dated(b, end + 1, to, line, depth);
        }
        long nanos = LogTime.rfc3339(b, from, end);
        if (nanos == LogLine.UNDATED) {
            return false;
        }
        line.nanos = nanos;
        int at = end + 1;
        if (to - at > 9 && b[at] == 's' && b[at + 1] == 't' && b[at + 2] == 'd' && b[at + 6] == ' ') {
            return read(b, at + 9, to, line, depth + 1);
        }
        return behindSyslog(b, at, to, line, depth);
    }

    /** {@code host tag[pid]: body}, or without host. */
    private boolean behindSyslog(byte[] b, int from, int to, LogLine line, int depth) {
        int colon = -1;
        int space = -1;
        for (int i = from; i < to - 1 && i < from + 300; i++) {
            if (b[i] == ':' && b[i + 1] == ' ') {
                colon = i;
                break;
            }
            if (b[i] == ' ' && space < 0) {
                space = i;
            }
        }
        if (colon < 0) {
            return read(b, from, to, line, depth + 1);
        }
        int tag = space >= 0 && space < colon ? space + 1 : from;
        if (tag > from) {
            line.host = fields.cached(b, from, tag - 1);
        }
        int tagEnd = indexOf(b, tag, colon, (byte) '[');
        line.program = fields.cached(b, tag, tagEnd < 0 ? colon : tagEnd);
        return read(b, colon + 2, to, line, depth + 1);
    }

    private boolean logrus(byte[] b, int from, int to, LogLine line) {
        int at = from + TIME.length;
        int end;
        if (at < to && b[at] == '"') {
            at++;
            end = LogFields.endOfQuoted(b, at, to);
        } else {
            end = indexOf(b, at, to, (byte) ' ');
        }
        if (end < 0) {
            return false;
        }
        long nanos = LogTime.rfc3339(b, at, end);
        if (nanos != LogLine.UNDATED) {
            time.learn(nanos);
            line.nanos = nanos;
        }
        fields.read(b, Math.min(to, end + 1), to, line);
        return !line.message.isEmpty();
    }

    /** {@code E1031 11:57:43.120279 2874 file.go:242] "message" err="..." image="..."}. */
    private boolean klog(byte[] b, int from, int to, LogLine line) {
        long nanos = time.klog(b, from + 1, to);
        int bracket = indexOf(b, from, Math.min(to, from + 120), (byte) ']');
        if (nanos == LogLine.UNDATED || bracket < 0) {
            return false;
        }
        line.nanos = nanos;
        if (line.program.isEmpty()) {
            line.program = "kubelet";
        }
        int at = bracket + 1;
        while (at < to && b[at] == ' ') {
            at++;
        }
        if (at < to && b[at] == '"') {
            int end = LogFields.endOfQuoted(b, at + 1, to);
            line.message = fields.unquoted(b, at + 1, end);
            fields.read(b, Math.min(to, end + 1), to, line);
        } else {
            line.message = LogFields.text(b, at, to);
        }
        return true;
    }

    /** The words of a program whose prefix has told the time; logrus without a time of its own among them. */
    private boolean plain(byte[] b, int from, int to, LogLine line) {
        if (starts(b, from, to, LEVEL) || starts(b, from, to, MSG)) {
            fields.read(b, from, to, line);
            return !line.message.isEmpty();
        }
        if (!Phrases.mayBegin(b, from, to)) {
            return false;
        }
        line.message = LogFields.text(b, from, to);
        return true;
    }

    /** journald's, dockerd's own, or a container's: told apart by their keys. */
    private boolean json(byte[] b, int from, int to, LogLine line, int depth) {
        String inner = null;
        String container = null;
        try (JsonParser parser = json.createParser(b, from, to - from)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
                JsonToken value = parser.nextToken();
                if (value == null) {
                    return false;
                }
                if (value.isStructStart()) {
                    parser.skipChildren();
                    continue;
                }
                switch (key) {
                    case "MESSAGE" -> inner = parser.getText();
                    case "log" -> container = parser.getText();
                    case "__REALTIME_TIMESTAMP" -> line.nanos = micros(parser.getText());
                    case "_HOSTNAME" -> line.host = parser.getText();
                    case "SYSLOG_IDENTIFIER" -> line.program = parser.getText();
                    case "time", "timestamp" -> {
                        byte[] text = parser.getText().getBytes(StandardCharsets.UTF_8);
                        long nanos = LogTime.rfc3339(text, 0, text.length);
                        line.nanos = nanos == LogLine.UNDATED ? line.nanos : nanos;
                    }
                    default -> line.field(key, parser.getText());
                }
            }
        } catch (IOException torn) {
            return false;
        }
        String body = inner != null ? inner : container;
        if (body == null) {
            return !line.message.isEmpty();
        }
        byte[] text = body.getBytes(StandardCharsets.UTF_8);
        return read(text, 0, text.length, line, depth + 1);
    }

    private static long micros(String text) {
        try {
            return Math.multiplyExact(Long.parseLong(text), 1000L);
        } catch (NumberFormatException | ArithmeticException hostile) {
            return LogLine.UNDATED;
        }
    }

    private static boolean starts(byte[] b, int from, int to, byte[] with) {
        if (to - from < with.length) {
            return false;
        }
        for (int i = 0; i < with.length; i++) {
            if (b[from + i] != with[i]) {
                return false;
            }
        }
        return true;
    }

    private static int indexOf(byte[] b, int from, int to, byte what) {
        for (int i = from; i < to; i++) {
            if (b[i] == what) {
                return i;
            }
        }
        return -1;
    }
}
