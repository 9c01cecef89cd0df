// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

/** Why a task or a pull failed, as far as the daemon's words tell. */
public enum Problem {
    NONE,
    /** A bind mount's source path does not exist: found after the image was asked for. */
    BIND_SOURCE_MISSING,
    /** The mount, volume or network could not be made for another reason. */
    MOUNT_FAILED,
    /** The image is not on the node, and could not be fetched. */
    NO_SUCH_IMAGE,
    /** The container was made and could not be started. */
    START_FAILED,
    /** The container ran and ended. */
    EXITED,
    /** 429 of Docker Hub's abuse limit: too many requests of any kind. */
    ABUSE_LIMIT,
    /** 429 of the pull limit. */
    PULL_LIMIT,
    /** 401 or 403: no credentials, wrong ones, or a repository that is not there for us. */
    DENIED,
    /** The tag or digest does not exist. */
    NOT_FOUND,
    /** The registry could not be reached: name, connection, TLS, timeout. */
    UNREACHABLE,
    /** The registry answered with an error of its own. */
    REGISTRY_ERROR,
    OTHER;

    private static final String BIND = "bind source path does not exist";

    /** Of the text of an error, as dockerd 19.03 to 29, containerd and kubelet word it. */
    static Problem of(String error) {
        if (error.isEmpty()) {
            return NONE;
        }
        if (error.contains(BIND)) {
            return BIND_SOURCE_MISSING;
        }
        if (error.contains("(HAP429)")) {
            return ABUSE_LIMIT;
        }
        if (error.contains("pull rate limit") || error.contains("increase-rate-limit")) {
            return PULL_LIMIT;
        }
        if (error.contains("429") && (error.contains("Too Many Requests") || error.contains("status code"))) {
            return ABUSE_LIMIT;
        }
        if (error.contains("toomanyrequests") || error.contains("Too Many Requests")) {
            return ABUSE_LIMIT;
        }
        if (error.contains("No such image")) {
            return NO_SUCH_IMAGE;
        }
        if (error.contains("manifest unknown") || error.contains("not found: manifest") || notFound(error)) {
            return NOT_FOUND;
        }
        if (error.contains("access denied")
                || error.contains("denied:")
                || error.contains("unauthorized")
                || error.contains("authentication required")
                || error.contains("403 Forbidden")
                || error.contains("401 Unauthorized")) {
            return DENIED;
        }
        if (unreachable(error)) {
            return UNREACHABLE;
        }
        if (error.contains("OCI runtime") || error.contains("starting container failed")) {
            return START_FAILED;
        }
        if (error.contains("task: non-zero exit") || error.contains("exited with")) {
            return EXITED;
        }
        if (error.contains("mount") || error.contains("volume")) {
            return MOUNT_FAILED;
        }
        if (error.contains("500 Internal")
                || error.contains("502 Bad Gateway")
                || error.contains("503 Service")
                || error.contains("504 Gateway")
                || error.contains("received unexpected HTTP status")) {
            return REGISTRY_ERROR;
        }
        return OTHER;
    }

    private static boolean notFound(String error) {
        return error.endsWith(": not found") || error.contains("404 Not Found");
    }

    private static boolean unreachable(String error) {
        return error.contains("no such host")
                || error.contains("connection refused")
                || error.contains("i/o timeout")
                || error.contains("TLS handshake timeout")
                || error.contains("Client.Timeout exceeded")
                || error.contains("context deadline exceeded")
                || error.contains("network is unreachable")
                || error.contains("no route to host")
                || error.contains("x509:")
                || error.contains("connection reset by peer")
                || error.contains("server misbehaving");
    }
}
