// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

/** What was read of one line: a mutable view that its reader overwrites with the next one. */
final class LogLine {
    /** Stands for a time that the line does not tell. */
    static final long UNDATED = Long.MIN_VALUE;

    /** Nanoseconds since the epoch. */
    long nanos;

    String host = "";

    /** Program that wrote it: dockerd, containerd, kubelet; "" if the line does not tell. */
    String program = "";

    String message = "";
    String error = "";
    String service = "";
    String task = "";
    String remote = "";
    String image = "";
    String url = "";
    String host429 = "";

    void clear() {
        nanos = UNDATED;
        host = "";
        program = "";
        message = "";
        error = "";
        service = "";
        task = "";
        remote = "";
        image = "";
        url = "";
        host429 = "";
    }

    /** Takes a field of a structured line; those that say nothing about pulls are left. */
    void field(String key, String value) {
        switch (key) {
            case "msg" -> message = value;
            case "error", "err", "error-response" -> error = value;
            case "service.id" -> service = value;
            case "task.id" -> task = value;
            case "remote" -> remote = value;
            case "image" -> image = value;
            case "url", "request-url" -> url = value;
            case "host" -> host429 = value;
            default -> {}
        }
    }
}
