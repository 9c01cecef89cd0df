// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.attribution;

import egret.analyzer.cause.Pattern;
import org.jspecify.annotations.Nullable;

/** What to do about a pattern of which no service is known. */
final class WireAdvice {
    private WireAdvice() {}

    /** What to do on the host; null where the failing services have to be found, whatever the pattern. */
    static @Nullable String of(Pattern pattern, boolean docker) {
        return switch (pattern) {
            case CLOCK_SKEW ->
                "compare its clock with a good one (`date -u`, `timedatectl`) and set it right. If services fail there as"
                        + " well, `docker service ls` shows them by replicas that are missing.";
            case COLD_PULLS ->
                (docker
                                ? "`docker events --filter type=image` shows which images are fetched; "
                                : "see which images are fetched by the jobs or pods that start there; ")
                        + "run fewer of those jobs at once, and keep images between them. For good: a pull-through"
                        + " mirror near them"
                        + (docker ? " (`registry-mirrors` in /etc/docker/daemon.json)." : ".");
            case PROXY ->
                "if it is a proxy or cache, find in its request log the client that asks it most, and stop that one;"
                        + " let it keep tags longer before it asks again. If it is not, find the program with"
                        + " `ss -tnp dport = :443`.";
            case POLLER ->
                "find the tool that looks for newer images (`docker ps | grep -iE"
                        + " 'watchtower|ouroboros|diun|renovate|keel|image-updater'`, or the schedule of a pipeline), and"
                        + " let it look less often, such as once a day.";
            case CONTAINERD_429 ->
                "let nothing pull until the limit is free again: `kubectl get pods -A -o wide | grep -E"
                        + " 'ErrImagePull|ImagePullBackOff'` lists the pods that try; scale to 0 what controls them"
                        + " (without Kubernetes: `crictl ps -a`). For good: pull with a login or through a mirror, and"
                        + " with imagePullPolicy IfNotPresent.";
            case MIRROR_BYPASSED ->
                "`docker info` lists the registry mirrors that are set; if the one that the log names is among them, repair"
                        + " it, as each pull goes past it while it fails.";
            case API_PULLS ->
                "find what asks the daemon to pull: compose files with `pull_policy: always`, pipelines, or Ouroboros and"
                        + " its like (`docker ps`), and let it ask less often.";
            default -> null;
        };
    }
}
