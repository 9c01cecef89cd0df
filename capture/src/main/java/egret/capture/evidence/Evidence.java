// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

/**
 * What a daemon said within one second of one thing: one or more lines of a log, or answers of its API, that differ in
 * nothing but their time. Immutable; the array belongs to it and must not be changed.
 *
 * @param second since the epoch
 * @param host that wrote it, as the log names it; "" if it does not
 * @param service swarm's id of the service, a pod as namespace/name; "" if the line does not tell
 * @param name of the service as people know it; "" if it is not known by then
 * @param image as it is asked for; "" if the line does not tell
 * @param detail the error's own words, cut to {@link #MAX_DETAIL} characters; "" if there is none
 * @param count how often
 * @param millis offsets in the second, ascending, in ms; cut at {@link #MAX_MILLIS}
 * @param source file or API that said it
 * @param line number of the first line of it in its file, from 1; 0 if it is not from a file
 */
public record Evidence(
        long second,
        Kind kind,
        String host,
        String service,
        String name,
        String image,
        Problem problem,
        String detail,
        int count,
        int[] millis,
        String source,
        long line) {
    /** Longer words of an error add nothing that anyone reads. */
    public static final int MAX_DETAIL = 240;

    /** Of one service in one second; more are counted. */
    public static final int MAX_MILLIS = 64;

    /** What happened. */
    public enum Kind {
        /** A task of a service failed: once for each attempt to start it. */
        TASK_FAILED,
        /** A pull for a task failed; the task may go on without it. */
        PULL_FAILED,
        /** A pull failed, of whoever asked for it: the daemon's second line about it, without a service. */
        PULL_REFUSED,
        /** The digest of an image could not be found out when a service was deployed: it stays with its tag for good. */
        RESOLVE_FAILED,
        /** A pull that was asked for over the API failed: by a command, compose or a poller. */
        API_PULL_FAILED,
        /** An image was pulled by its digest. */
        PINNED_PULL,
        /** dockerd: a pull ended well. */
        PULLED,
        /** containerd was asked to pull for a pod. */
        POD_PULL,
        /** Kubernetes waits before the next pull. */
        BACK_OFF,
        /** A tool that looks for newer images said so of itself. */
        POLLED,
        /** The name of a service, and its image where known: nothing happened. */
        SERVICE
    }
}
