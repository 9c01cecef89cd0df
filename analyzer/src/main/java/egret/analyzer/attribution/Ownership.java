// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.attribution;

import egret.analyzer.answer.Answer.OwnerCount;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.OwnerWords;
import egret.capture.origin.Owner;
import egret.capture.origin.Owner.Container;
import egret.capture.origin.Owner.OwnerProcess;
import egret.capture.origin.Owner.Service;
import egret.capture.origin.Quality;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whose the requests of one source are, in sentences. What is inferred is worded as such. */
final class Ownership {
    private static final double NEARLY_ALL = 0.95; // then the owner stands for the source
    private static final double LEAST_SHARE = 0.1; // below, an owner is not worth a title
    private static final int MOST_LISTED = 4;
    private static final int LONGEST_COMMAND = 160;
    private static final long DAY = 86_400L * 1_000_000_000L;

    private final Source source;
    private final @Nullable OwnerCount lead;
    private final double share;

    Ownership(Source source) {
        this.source = source;
        OwnerCount most = null;
        for (int i = 0; i < source.owners().size() && most == null; i++) {
            OwnerCount count = source.owners().get(i);
            Owner owner = count.owner();
            most = owner == null || owner.quality() == Quality.UNKNOWN ? null : count;
        }
        double part = most == null ? 0 : share(most);
        lead = part < LEAST_SHARE ? null : most;
        share = part;
    }

    /** Who makes most of it; null if that is not known. */
    @Nullable
    Owner owner() {
        return lead == null ? null : lead.owner();
    }

    /** Nothing is said of an owner that the kernel did not tell. */
    boolean isExact() {
        Owner owner = owner();
        return owner == null || owner.quality() == Quality.EXACT;
    }

    /** {@code dockerd (pid 812) on 10.0.1.11}, or only the host if that is not the whole truth. */
    String subject(String host) {
        Owner owner = owner();
        return owner != null && standsForAll() ? OwnerWords.full(owner) + " on " + host : host;
    }

    /** What {@link #subject} could not say: {@code , 81 % of it by dockerd (pid 812)}; "" if there is nothing. */
    String part() {
        Owner owner = owner();
        if (owner == null || standsForAll()) {
            return "";
        }
        String how = owner.quality() == Quality.EXACT ? "by " : "probably by ";
        String much = share >= NEARLY_ALL ? "" : Phrases.percent(share) + " of it ";
        return ", " + much + how + OwnerWords.full(owner);
    }

    private boolean standsForAll() {
        return share >= NEARLY_ALL && isExact();
    }

    void addTo(List<String> evidence) {
        List<OwnerCount> owners = source.owners();
        if (owners.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        int listed = Math.min(MOST_LISTED, owners.size());
        for (int i = 0; i < listed; i++) {
            text.append(i == 0 ? "By owner: " : "; ").append(listed(owners.get(i)));
        }
        int more = owners.size() - listed;
        text.append(more > 0 ? "; and " + Phrases.count(more, "more", "more") : "");
        evidence.add(text.append('.').toString());
        addProcess(evidence);
    }

    private String listed(OwnerCount count) {
        Owner owner = count.owner();
        String percent = Phrases.percent(share(count));
        if (owner == null) {
            return percent + " by up to " + Phrases.number(count.owners()) + " others";
        }
        return switch (owner.quality()) {
            case EXACT -> percent + " " + OwnerWords.full(owner) + ", as the kernel told (" + owner.method() + ")";
            case INFERRED -> percent + " probably " + OwnerWords.full(owner) + ", inferred (" + owner.method() + ")";
            case UNKNOWN -> percent + " not known";
        };
    }

    private void addProcess(List<String> evidence) {
        Owner owner = owner();
        OwnerProcess process = owner == null ? null : owner.process();
        if (owner == null || process == null) {
            return;
        }
        StringBuilder text = new StringBuilder();
        text.append(owner.processes() > 1 ? "The first of these processes" : "This process")
                .append(" is ");
        text.append(process.executable().isEmpty() ? OwnerWords.program(process) : process.executable());
        if (owner.processes() > 1) {
            text.append(" (pid ").append(process.pid()).append(')');
        }
        text.append(process.user().isEmpty() ? "" : ", run by " + process.user());
        long age = source.lastNanos() - process.startNanos();
        if (process.startNanos() != 0 && age >= 2 * DAY) {
            text.append(", for ").append(Phrases.number(age / DAY)).append(" days");
        } else if (process.startNanos() != 0) {
            text.append(", since ").append(Phrases.time(process.startNanos()));
        }
        if (!process.parents().isEmpty()) {
            text.append(", started by ")
                    .append(Phrases.fileName(process.parents().get(0)));
        }
        String command = process.commandLine();
        if (!command.isEmpty()) {
            boolean cut = command.length() > LONGEST_COMMAND;
            text.append(": ").append(cut ? command.substring(0, LONGEST_COMMAND) + "…" : command);
        }
        evidence.add(text.append('.').toString());
    }

    /** How to stop it where its keeper is known; null if all that is known is a daemon that works for others. */
    @Nullable
    String stop(String host) {
        Owner owner = owner();
        if (owner == null) {
            return null;
        }
        String ask =
                owner.quality() == Quality.EXACT ? "" : "make sure that it is " + OwnerWords.full(owner) + ", then ";
        Service service = owner.service();
        String on = "On " + host + ": " + ask;
        if (service != null && isPlain(service.name()) && (service.group().isEmpty() || isPlain(service.group()))) {
            String step = stop(service);
            if (step != null) {
                return on + step;
            }
        }
        Container container = owner.container();
        if (container != null) {
            String name = container.name().isEmpty() ? container.id() : container.name();
            boolean docker =
                    container.runtime().equals("docker") || container.runtime().equals("podman");
            return docker && isPlain(name) ? on + "`" + container.runtime() + " stop " + name + "`." : null;
        }
        OwnerProcess process = owner.process();
        if (process == null) {
            return null;
        }
        if (owner.processes() > 1) {
            String by = process.parents().isEmpty()
                    ? ""
                    : " (" + Phrases.fileName(process.parents().get(0)) + " does)";
            return on + "find what starts " + OwnerWords.program(process) + " again and again" + by
                    + ", and stop that.";
        }
        return on + "stop " + OwnerWords.process(owner) + ".";
    }

    private static @Nullable String stop(Service service) {
        String name = service.name();
        return switch (service.kind()) {
            case "swarm" ->
                "`docker service scale "
                        + (service.group().isEmpty() || name.startsWith(service.group() + "_")
                                ? name
                                : service.group() + "_" + name)
                        + "=0`.";
            case "compose" -> "`docker compose -p " + service.group() + " stop " + name + "`.";
            case "kubernetes" ->
                "`kubectl -n " + service.group() + " describe pod " + name
                        + "` names what controls it; scale that to 0.";
            case "systemd" -> "`systemctl stop " + name + "`.";
            default -> null;
        };
    }

    /** It can stand in a command as it is. */
    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && (i == 0 || "._@-:".indexOf(c) < 0)) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private double share(OwnerCount count) {
        long requests = source.requests().count();
        if (requests > 0) {
            return Math.min(1, (double) count.requests().count() / requests);
        }
        return source.connections() > 0 ? Math.min(1, (double) count.connections() / source.connections()) : 0;
    }
}
