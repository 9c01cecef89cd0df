// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.attribution;

import egret.analyzer.answer.Culprit;
import egret.analyzer.cause.HostCause;
import egret.analyzer.cause.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to do about a cause that logs tell of: what stops it now, and what mends it. */
final class Remedy {
    private static final int MOST_IN_COMMAND = 40;

    private final HostCause cause;
    private final String title;
    private final List<Culprit> culprits;
    private final ServiceNames names;
    private final CauseGroups groups;

    /** @param title of the endpoint */
    Remedy(HostCause cause, String title, ServiceNames names, CauseGroups groups) {
        this.cause = cause;
        this.title = title;
        this.names = names;
        this.groups = groups;
        culprits = cause.culprits();
    }

    /** A command that stops all; null if no name can be used as it is. */
    @Nullable
    String stopCommand() {
        return groups.isOfTasks() ? names.scaleToZero(culprits.size()) : null;
    }

    String stop() {
        if (cause.pattern() == Pattern.DEPLOYMENT) {
            return "Nothing, if a deployment or a node that starts is what you expect: it ends by itself. For good: pull"
                    + " through a mirror near these machines, or deploy fewer at once.";
        }
        String advice = groups.isOfContainerd() ? null : WireAdvice.of(cause.pattern(), true);
        if (advice != null) {
            return "On " + cause.source() + ": " + advice;
        }
        StringBuilder text = new StringBuilder();
        String command = stopCommand();
        if (command != null) {
            boolean many = culprits.size() > MOST_IN_COMMAND;
            text.append("On a swarm manager: `");
            text.append(many ? names.scaleToZero(MOST_IN_COMMAND) : command).append('`');
            if (many) {
                text.append(" and ").append(Phrases.number(culprits.size() - MOST_IN_COMMAND));
                text.append(" more (all in stop_command of --json)");
            }
            text.append(
                    ". That ends their tasks on all nodes, healthy ones too: note the replicas in `docker service ls`"
                            + " first. ");
        } else if (groups.isOfContainerd()) {
            text.append("`kubectl get pods -A -o wide` lists the pods of ").append(names.all());
            text.append(" on ").append(cause.source());
            text.append("; scale to 0 the deployment or job of those that do not run (its healthy pods end too). ");
        } else {
            text.append("Stop what starts ").append(names.all());
            text.append(" on ").append(cause.source()).append(". ");
        }
        return text.append("For good: ").append(remedy()).append('.').toString();
    }

    private String remedy() {
        if (groups.isOfContainerd()) {
            return ofPods();
        }
        boolean first = cause.pattern() == Pattern.UNPINNED; // what fails counts for more than what it asks
        StringBuilder text = new StringBuilder(first ? fix() + "; " : "").append(of(cause.pattern()));
        for (Pattern other : groups.others()) {
            text.append("; for ").append(groups.few(other)).append(": ").append(of(other));
        }
        if (groups.isOfTasks()) {
            text.append(first ? "" : "; " + fix())
                    .append("; set restart_policy delay to 30s or more, with max_attempts");
        }
        return text.toString();
    }

    private String of(Pattern pattern) {
        return switch (pattern) {
            case UNPINNED ->
                "pin the image to a digest (`docker stack deploy --with-registry-auth --resolve-image always`, while "
                        + title + " answers)";
            case DENIED ->
                "`docker login` on the manager, then `docker stack deploy --with-registry-auth`, so that the tag is"
                        + " resolved to a digest, or correct the image's name";
            case NOT_FOUND -> "correct the tag, or push it";
            case FEEDBACK ->
                "when " + title
                        + " answers again, `docker stack deploy --with-registry-auth` once more, as only then the"
                        + " images are pinned (at another public address the loop goes on)";
            case IMAGE_GONE -> "pull the image on the node once, and keep pruning from removing it";
            default -> "ask less often, or use a mirror";
        };
    }

    private String ofPods() {
        return switch (cause.pattern()) {
            case DENIED -> "give the pods imagePullSecrets that may read the image, or correct its name";
            case NOT_FOUND -> "correct the tag, or push it";
            case CONTAINERD_429 ->
                "pull with a login or through a mirror, with imagePullPolicy IfNotPresent; until the limit is free again"
                        + " each try uses it up further";
            case POLLER -> "let the tool look less often";
            default -> "repair what makes the containers end, and set imagePullPolicy IfNotPresent with a fixed tag";
        };
    }

    private String fix() {
        return switch (culprits.get(0).problem()) {
            case "bind-source-missing" -> "create the missing path or take the mount out";
            case "mount-failed" -> "repair the mount, volume or network";
            case "start-failed", "exited" -> "repair what makes the container end";
            default -> "repair what makes the tasks fail";
        };
    }
}
