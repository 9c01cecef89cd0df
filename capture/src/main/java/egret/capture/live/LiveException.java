// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

/** Says why nothing can be captured and what to do about it, in one sentence. */
public final class LiveException extends Exception {
    private static final long serialVersionUID = 1;

    /** What stood in the way. */
    public enum Problem {
        NO_SUCH_INTERFACE,
        NO_PERMISSION,
        NO_LIBPCAP,
        BAD_FILTER,
        OTHER
    }

    private final Problem problem;

    LiveException(Problem problem, String message) {
        super(message);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
