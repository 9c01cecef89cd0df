// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

/** The kinds of causes that are told apart. What each needs as evidence stands in {@link Patterns} and {@link WirePatterns}. */
public enum Pattern {
    NONE("none"),
    /** Tasks fail and are started again; their images have a tag only, so each start asks whether it moved. */
    UNPINNED("unpinned-failing-tasks"),
    /** The same, and the pull itself is refused for want of credentials. */
    DENIED("pull-denied"),
    /** Pulls are refused, for one of these reasons or the next: all that the wire alone tells. */
    REFUSED("pull-refused"),
    /** The same, and the tag does not exist. */
    NOT_FOUND("missing-tag"),
    /** The registry answers 429, so nothing can be pinned, so each retry asks again. */
    FEEDBACK("429-feedback-loop"),
    /** The image is pinned or named, but gone from the node, and each start tries to fetch it. */
    IMAGE_GONE("image-gone-locally"),
    /** Pods that crash, whose policy is to ask at each start. */
    POD_CRASH_LOOP("pod-crash-loop"),
    /** A tool asks for newer images on a schedule. */
    POLLER("poller"),
    /** Pulls are asked for over the daemon's API: compose, a pipeline, a poller. */
    API_PULLS("api-pulls"),
    /** containerd tries a 429 again at once, several times. */
    CONTAINERD_429("containerd-retries-429"),
    /** A mirror is set, but fails, and Docker Hub is asked in its place. */
    MIRROR_BYPASSED("mirror-bypassed"),
    /** Whole images are fetched, again and again, by machines that keep nothing. */
    COLD_PULLS("cold-pulls"),
    /** Images are asked for once or twice, as by a node that starts or by a deployment. */
    DEPLOYMENT("deployment"),
    /** The clock is ahead of the registry's tokens: each request asks for a token of its own. */
    CLOCK_SKEW("clock-skew"),
    /** A proxy or cache asks for others. */
    PROXY("registry-proxy"),
    /** A program that asks again and again, of which no more is known. */
    RETRY_LOOP("retry-loop");

    private final String word;

    Pattern(String word) {
        this.word = word;
    }

    /** As JSON has it. */
    public String word() {
        return word;
    }
}
