// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import egret.capture.evidence.Evidence.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What a message means: the words of dockerd 19.03 to 29 (moby distribution/pull.go, errors.go, api/server/server.go),
 * swarmkit (agent/exec/controller.go, agent/task.go), containerd (internal/cri/instrument), kubelet (images/image_manager.go)
 * Watchtower, Keel and Argo CD Image Updater. It may correct the line's error and image by what the message holds.
 */
final class Phrases {
    private static final String NEXT_ENDPOINT = "Attempting next endpoint for pull after error";
    private static final String NOT_CONTINUING = "Not continuing with pull after error";
    private static final String NO_REGISTRY = "Error getting v2 registry";
    private static final String HANDLER = "Handler for ";
    private static final String RETURNED = " returned error";
    private static final String DEACTIVATE = "failed to deactivate service binding for container ";
    private static final String UNPINNABLE = "unable to pin image ";
    private static final String PULL_IMAGE = "PullImage \"";
    private static final String UPDATER = "Argo CD Image Updater";
    private static final String BACK_OFF = "Back-off pulling image ";

    private Phrases() {}

    /** Whether a message that begins so may be one of those below: most lines of a log are none, and need no string. */
    static boolean mayBegin(byte[] b, int from, int to) {
        if (to - from < 8) {
            return false;
        }
        byte second = b[from + 1];
        return switch (b[from]) {
            case 'f' -> second == 'a' || second == 'e';
            case 'p', 'P' -> second == 'u';
            case 'A', 't' -> second == 't' || second == 'r';
            case 'N', 'C', 'S' -> second == 'o' || second == 'e' || second == 'c';
            case 'H', 'F', 'B' -> second == 'a';
            case 'r' -> second == 'e';
            case 'u', 'U' -> second == 'n';
            case 'i' -> second == 'm';
            case 'E' -> second == 'r';
            default -> false;
        };
    }

    /** Null if the message has nothing to do with pulls. */
    static @Nullable Kind kind(LogLine line) {
        String m = line.message;
        if (m.length() < 8) {
            return null;
        }
        return switch (m.charAt(0)) {
            case 'f' -> ofF(line, m);
            case 'p' -> m.equals("pulling image failed") ? Kind.PULL_FAILED : null;
            case 'A' -> m.startsWith(NEXT_ENDPOINT) ? refused(line, NEXT_ENDPOINT) : null;
            case 'N' -> m.startsWith(NOT_CONTINUING) ? refused(line, NOT_CONTINUING) : null;
            case 'H' -> m.startsWith(HANDLER) ? handler(line, m) : null;
            case 'r' ->
                m.startsWith("reference for unknown type") && line.remote.contains("@sha256:")
                        ? named(line, line.remote, Kind.PINNED_PULL)
                        : null;
            case 'u' -> m.startsWith(UNPINNABLE) ? unpinnable(line, m) : null;
            case 'i' -> m.equals("image pulled") ? named(line, line.remote, Kind.PULLED) : null;
            case 't' -> ofT(line, m);
            case 'P' -> ofP(line, m);
            case 'E' -> kubernetes(line, m);
            case 'F' -> failedToPull(line, m);
            case 'B' -> m.startsWith(BACK_OFF) ? named(line, quoted(m, BACK_OFF.length()), Kind.BACK_OFF) : null;
            case 'C', 'U', 'S' -> poller(line, m);
            default -> null;
        };
    }

    private static @Nullable Kind ofF(LogLine line, String m) {
        if (m.equals("fatal task error")) {
            return Kind.TASK_FAILED;
        }
        if (m.startsWith(DEACTIVATE)) {
            return serviceName(line, m.substring(DEACTIVATE.length())) ? Kind.SERVICE : null;
        }
        if (m.startsWith("fetch failed after status")) {
            line.error = m;
            return Kind.PULL_REFUSED;
        }
        return m.equals("fetch failed") ? Kind.PULL_REFUSED : null;
    }

    /** {@code STACK_SERVICE.SLOT.TASK}: the name goes into {@link LogLine#image}'s place for names, the task into its own. */
    private static boolean serviceName(LogLine line, String container) {
        int task = container.lastIndexOf('.');
        int slot = task < 0 ? -1 : container.lastIndexOf('.', task - 1);
        if (slot < 1 || task == container.length() - 1) {
            return false;
        }
        line.task = container.substring(task + 1);
        line.remote = container.substring(0, slot);
        return true;
    }

    /** The error stands behind a colon up to version 27, in a field from 28 on. */
    private static Kind refused(LogLine line, String phrase) {
        if (line.message.length() > phrase.length() + 2) {
            line.error = line.message.substring(phrase.length() + 2);
        }
        return Kind.PULL_REFUSED;
    }

    private static @Nullable Kind handler(LogLine line, String m) {
        int returned = m.indexOf(RETURNED);
        if (returned < 0) {
            return null;
        }
        if (m.length() > returned + RETURNED.length() + 2) {
            line.error = m.substring(returned + RETURNED.length() + 2);
        }
        String request = line.url.isEmpty() ? m.substring(HANDLER.length(), returned) : line.url;
        int resolved = request.indexOf("/distribution/");
        if (m.startsWith("GET ", HANDLER.length()) && resolved >= 0 && request.endsWith("/json")) {
            line.image = request.substring(resolved + "/distribution/".length(), request.length() - "/json".length());
            return Kind.RESOLVE_FAILED;
        }
        return m.startsWith("POST ", HANDLER.length()) && request.contains("/images/create")
                ? Kind.API_PULL_FAILED
                : null;
    }

    private static @Nullable Kind unpinnable(LogLine line, String m) {
        int end = m.indexOf(" to digest");
        if (end < 0) {
            return null;
        }
        line.image = m.substring(UNPINNABLE.length(), end);
        if (m.length() > end + " to digest: ".length()) {
            line.error = m.substring(end + " to digest: ".length());
        }
        return Kind.RESOLVE_FAILED;
    }

    private static @Nullable Kind ofT(LogLine line, String m) {
        if (m.startsWith("trigger.poll.Watch")) {
            return polled(line, "keel");
        }
        return m.equals("trying next host") && !line.error.isEmpty() ? Kind.PULL_REFUSED : null;
    }

    private static @Nullable Kind ofP(LogLine line, String m) {
        if (m.startsWith("Processing results: applications=")) {
            return polled(line, UPDATER);
        }
        if (m.startsWith(PULL_IMAGE)) {
            line.image = quoted(m, PULL_IMAGE.length() - 1);
            boolean failed = m.endsWith(" failed");
            return failed ? Kind.PULL_FAILED : m.contains("returns image reference") ? null : Kind.POD_PULL;
        }
        return m.startsWith("PullImage from image service failed") ? Kind.PULL_FAILED : null;
    }

    /** kubelet words a back-off as an error in syncing a pod. */
    private static @Nullable Kind kubernetes(LogLine line, String m) {
        if (m.startsWith(NO_REGISTRY)) {
            return refused(line, NO_REGISTRY);
        }
        if (!m.startsWith("Error syncing pod")) {
            return null;
        }
        int backOff = line.error.indexOf(BACK_OFF);
        if (backOff < 0) {
            return null;
        }
        return named(line, quoted(line.error, backOff + BACK_OFF.length()), Kind.BACK_OFF);
    }

    private static @Nullable Kind failedToPull(LogLine line, String m) {
        String phrase = "Failed to pull image ";
        if (!m.startsWith(phrase)) {
            return null;
        }
        int colon = m.indexOf(": ", phrase.length());
        if (colon > 0) {
            line.error = m.substring(colon + 2);
        }
        return named(line, quoted(m, phrase.length()), Kind.PULL_FAILED);
    }

    private static @Nullable Kind poller(LogLine line, String m) {
        if (m.startsWith("Starting image update cycle")) {
            return polled(line, UPDATER);
        }
        boolean watchtower = m.startsWith("Could not do a head request")
                || m.startsWith("Unable to update container")
                || m.startsWith("Session done")
                || m.startsWith("Scheduling first run");
        if (!watchtower) {
            return null;
        }
        if (line.error.isEmpty() && m.startsWith("Unable")) {
            line.error = m;
        }
        return polled(line, "watchtower");
    }

    private static Kind polled(LogLine line, String tool) {
        line.remote = tool;
        return Kind.POLLED;
    }

    private static Kind named(LogLine line, String image, Kind kind) {
        line.image = image;
        return kind;
    }

    /** What stands in quotes (escaped or not) from a position on; up to the next space if there are none. */
    private static String quoted(String text, int from) {
        int start = from;
        while (start < text.length() && (text.charAt(start) == '\\' || text.charAt(start) == '"')) {
            start++;
        }
        int end = start;
        while (end < text.length() && "\\\" ".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(start, end);
    }
}
