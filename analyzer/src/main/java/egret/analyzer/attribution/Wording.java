// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.attribution;

import egret.analyzer.answer.Answer.Cadence;
import egret.analyzer.answer.Answer.Client;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.OwnerWords;
import egret.analyzer.cause.Pattern;
import egret.analyzer.cause.WirePatterns;
import egret.capture.count.Basis;
import egret.capture.count.RequestCount;
import egret.capture.origin.Owner;
import egret.capture.origin.Owner.OwnerProcess;
import egret.rules.InsideNetworks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One source in sentences. */
final class Wording {
    private static final double LEAST_CONFIDENCE = 0.3; // below, a rhythm is not worth a word
    private static final double SURE = 0.5; // below, a rhythm is "looks like"

    private static final int MANY_PULLS = 30;

    private final Source source;
    private final @Nullable Cadence cadence;
    private final @Nullable Client client;
    private final Ownership ownership;

    Wording(Source source) {
        this.source = source;
        Cadence seen = source.cadence();
        cadence = seen != null && seen.confidence() >= LEAST_CONFIDENCE ? seen : null;
        List<Client> clients = source.clients();
        client = clients.isEmpty() || clients.get(0).ja4().isEmpty() ? null : clients.get(0);
        ownership = new Ownership(source);
    }

    Ownership ownership() {
        return ownership;
    }

    String who() {
        return source.name() == null ? source.ip().toString() : source.name() + " (" + source.ip() + ")";
    }

    /** {@code : about 30 retry loops, one try every 1.0 s each, by dockerd ≤ 28}. */
    String rhythmAndClient() {
        return rhythm(client == null ? "" : (mixed() ? "mostly by " : "by ") + client.label());
    }

    /** Without the client, where the process is named. */
    String rhythm() {
        return ownership.owner() == null ? rhythmAndClient() : rhythm("");
    }

    private String rhythm(String by) {
        if (cadence == null) {
            return by.isEmpty() ? "" : ", " + by;
        }
        StringBuilder text = new StringBuilder(": ");
        text.append(cadence.confidence() < SURE ? "looks like " : "");
        if (cadence.loops() == 1) {
            text.append("one retry loop, one try every ").append(Phrases.seconds(cadence.periodSeconds()));
        } else {
            text.append("about ").append(Phrases.number(cadence.loops())).append(" retry loops, one try every ");
            text.append(Phrases.seconds(cadence.periodSeconds())).append(" each");
        }
        return text.append(by.isEmpty() ? "" : ", ").append(by).toString();
    }

    private boolean mixed() {
        return client != null && client.connections() * 10 < source.connections() * 9;
    }

    String counts() {
        RequestCount requests = source.requests();
        StringBuilder text = new StringBuilder(source.ip().toString()).append(": ");
        text.append(Phrases.count(source.connections(), "connection", "connections"))
                .append(" with ");
        text.append(Phrases.count(requests.count(), "request", "requests"));
        if (requests.basis() == Basis.EXACT) {
            text.append(" (exact)");
        } else if (requests.basis() == Basis.ESTIMATED) {
            text.append(" (estimated, between ").append(Phrases.number(requests.low()));
            text.append(" and ").append(Phrases.number(requests.high())).append(')');
        } else {
            text.append(" (at least ").append(Phrases.number(requests.low())).append(')');
        }
        if (source.pulls() > 0) {
            text.append(", ")
                    .append(Phrases.count(source.pulls(), "pull", "pulls"))
                    .append(" begun");
        }
        if (source.failed() > 0) {
            text.append(", ").append(Phrases.number(source.failed())).append(" more failed to connect");
        }
        text.append(", from ").append(Phrases.timeToMillis(source.firstNanos()));
        text.append(" to ").append(Phrases.timeToMillis(source.lastNanos())).append(" UTC.");
        return text.toString();
    }

    void addRhythm(List<String> evidence) {
        if (cadence == null) {
            return;
        }
        evidence.add("Rhythm: arrivals repeat every " + Phrases.seconds(cadence.periodSeconds()) + ", confidence "
                + Phrases.percent(cadence.confidence()) + ", "
                + Phrases.count(cadence.loops(), "try", "tries") + " per round.");
    }

    /** The kind of cause that it looks like; null if it looks like nothing in particular. */
    @Nullable
    String pattern() {
        Pattern pattern = looks();
        if (pattern != Pattern.NONE) {
            return pattern.word();
        }
        return cadence == null ? null : Pattern.RETRY_LOOP.word();
    }

    private Pattern looks() {
        return WirePatterns.of(source, client == null || mixed() ? "" : client.label());
    }

    /** What the wire looks like; null if it looks like nothing in particular. */
    @Nullable
    String cause() {
        String loop = loop();
        String detail = detail();
        return loop == null ? detail : detail == null ? loop : loop + " " + detail;
    }

    private @Nullable String loop() {
        if (cadence != null) {
            String every = " every " + Phrases.seconds(cadence.periodSeconds());
            if (isDocker()) {
                return "Looks like services that fail to start and are started again without end: the daemon asks for"
                        + " the image" + every + " for each of them. Which services they are is not on the wire.";
            }
            if (isContainerd()) {
                return "Looks like pods or containers that fail and are started again without end: the image is asked"
                        + " for" + every + ". Which they are is not on the wire.";
            }
            return "Looks like a program that asks again" + every + " and does not give up.";
        }
        if (isDocker() && source.pulls() >= MANY_PULLS && looks() != Pattern.COLD_PULLS) {
            if (looks() == Pattern.NONE) {
                return Phrases.number(source.pulls()) + " pulls were begun, without a steady rhythm. The wire does not"
                        + " tell whether they come again and again, as for services that fail, or once, as for a"
                        + " deployment, logins or builds.";
            }
            return "Looks like images that are asked for again and again: " + Phrases.number(source.pulls())
                    + " pulls begun, without a steady rhythm. A daemon does that for services that fail and are started"
                    + " again. Which they are is not on the wire.";
        }
        if (source.failed() > source.connections() / 4 && source.failed() >= 10) {
            return "Looks like a program that tries again when its connection is refused: "
                    + Phrases.number(source.failed()) + " attempts failed.";
        }
        return null;
    }

    /** What the number of requests, tokens and blobs of a pull suggests. */
    private @Nullable String detail() {
        return switch (looks()) {
            case UNPINNED ->
                "Each pull is " + Phrases.ratio(source.requests().count(), source.pulls())
                        + " requests, as for images that are there, but not pinned to a digest.";
            case REFUSED ->
                "Each pull is " + Phrases.ratio(source.requests().count(), source.pulls())
                        + " requests, as when it is refused: the tag does not exist, or access is denied. (A deployment that"
                        + " looks up digests makes four as well, but once for each service.)";
            case FEEDBACK ->
                "Most pulls end before a token is asked for, as when the first answer is 429 already: then nothing can be"
                        + " pinned, each retry asks again, and the loop feeds itself.";
            case CLOCK_SKEW ->
                "A token is asked for with each request, where one is enough for a pull, as when this host's clock is"
                        + " ahead, so that every token seems to have expired.";
            case COLD_PULLS ->
                (cadence == null
                                ? "Looks like whole images that are fetched anew, as by CI runners that keep nothing or"
                                        + " by a deployment: "
                                : "Each time the whole image is fetched, so it is not kept (a full disk, a prune): ")
                        + Phrases.number(source.pulls()) + " pulls with their blobs. A mirror or cache would help.";
            case CONTAINERD_429 ->
                "Several requests go over each connection, as when containerd tries a 429 again at once, up to six times.";
            case PROXY ->
                "It is a Java program, as Artifactory and Nexus are. If it is such a proxy or cache, it asks for others,"
                        + " and its own log names them.";
            case POLLER ->
                "It asks index.docker.io only, as tools do that look for newer images (Watchtower, Renovate, crane).";
            default -> null;
        };
    }

    /** @param told what logs tell, which goes before what the wire looks like; else NONE */
    String stop(Pattern told) {
        String on = "On " + source.ip() + ": ";
        String step;
        String advice = WireAdvice.of(told == Pattern.NONE ? looks() : told, isDocker());
        if (advice != null) {
            String known = isDocker() || isContainerd()
                    ? null
                    : ownership.stop(source.ip().toString());
            step = (known == null ? on : known + " Or: ") + advice;
        } else if (isDocker()) {
            step = "On a swarm manager: `docker node ps --no-trunc NODE` (NODE as `docker node ls` names " + source.ip()
                    + ") lists the tasks that fail there and why; `docker service scale SERVICE=0` stops a service, its"
                    + " healthy tasks too. Without swarm, on the host: `docker ps -a` shows what restarts. If nothing"
                    + " fails, it may be a deployment, which ends by itself. For good: pin the images to a digest and set"
                    + " a longer restart delay. With the host's log (--log) Egret names the services.";
        } else if (isContainerd()) {
            step = on + "look for pods that do not start (`kubectl get pods -A --field-selector spec.nodeName=NODE`, or"
                    + " `crictl ps -a`), and scale to 0 the deployment or job of those (its healthy pods end too).";
        } else {
            String known = ownership.stop(source.ip().toString());
            step = known != null ? known : on + "find the program with `ss -tnp dport = :443` and stop it.";
        }
        if (!source.ip().isIpv4() || InsideNetworks.guess().contains(source.ip())) {
            return step;
        }
        return step + " If " + source.ip()
                + " is the address of a NAT, capture on its inside to see the host behind it.";
    }

    private boolean isDocker() {
        return isBy("docker");
    }

    private boolean isContainerd() {
        return isBy("containerd");
    }

    /** The process tells if it is known, else the looks of the client. */
    private boolean isBy(String name) {
        Owner owner = ownership.owner();
        OwnerProcess process = owner == null ? null : owner.process();
        if (process != null) {
            return OwnerWords.program(process).startsWith(name);
        }
        return client != null && client.label().startsWith(name);
    }
}
