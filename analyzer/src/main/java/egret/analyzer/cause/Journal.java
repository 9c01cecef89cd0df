// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import egret.capture.evidence.Evidence;
import egret.capture.evidence.Evidence.Kind;
import egret.capture.evidence.Problem;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the daemons of one host said: its services, and what was said of none of them. */
final class Journal {
    /** Services of one host; more are not told apart. */
    static final int MOST_SERVICES = 4096;

    private static final Kind[] FAILURES = {Kind.TASK_FAILED, Kind.PULL_FAILED, Kind.API_PULL_FAILED, Kind.BACK_OFF};

    /** The host's name, else the file's. */
    final String key;

    final String log;
    /** Whose log it is, if that was told. */
    @Nullable
    IpAddress given;

    private final Map<String, Service> services = new LinkedHashMap<>();
    private final long[] counts = new long[Kind.values().length];
    private final long[] lines = new long[Kind.values().length];
    private final String[] details = new String[Kind.values().length];
    private final Times.Room room;
    private final KnownServices names;
    private long mirrorFailures;
    private String poller = "";
    private long shed;
    long firstSecond = Long.MAX_VALUE;
    long lastSecond = Long.MIN_VALUE;

    Journal(String key, String log, Times.Room room, KnownServices names) {
        this.room = room;
        this.names = names;
        this.key = key;
        this.log = log;
    }

    void add(Evidence evidence) {
        int kind = evidence.kind().ordinal();
        counts[kind] += evidence.count();
        boolean mirror = isOfMirror(evidence);
        if (lines[kind] == 0 || (mirror && mirrorFailures == 0)) {
            lines[kind] = evidence.line();
            details[kind] = evidence.detail();
        }
        mirrorFailures += mirror ? evidence.count() : 0;
        firstSecond = Math.min(firstSecond, evidence.second());
        lastSecond = Math.max(lastSecond, evidence.second());
        if (evidence.kind() == Kind.POLLED) {
            poller = evidence.name();
        }
        Service service = service(evidence);
        if (service != null) {
            service.add(evidence);
        }
    }

    /** What somebody else tells of a service: a swarm's ids are the same on all its hosts. */
    void named(Evidence evidence) {
        Service service = services.get(evidence.service());
        if (service != null) {
            service.add(evidence);
        }
    }

    private @Nullable Service service(Evidence evidence) {
        String id = evidence.service();
        String key = id;
        if (evidence.kind() == Kind.RESOLVE_FAILED) {
            key = "lookups";
        } else if (id.isEmpty()) {
            boolean byImage = switch (evidence.kind()) {
                case PULL_FAILED, PULLED, POD_PULL, API_PULL_FAILED, BACK_OFF ->
                    !evidence.image().isEmpty();
                default -> false;
            };
            if (!byImage) {
                return null;
            }
            key = "image " + plain(evidence.image());
        }
        Service service = services.get(key);
        if (service == null) {
            if (services.size() >= MOST_SERVICES) {
                shed++;
                return null;
            }
            service = new Service(id, evidence.source(), room);
            Evidence named = names.of(id);
            if (named != null) {
                service.add(named);
            }
            services.put(key, service);
        }
        return service;
    }

    /** An endpoint that is not Docker's own could not be used, so that the next one was. */
    private static boolean isOfMirror(Evidence evidence) {
        boolean failed = evidence.problem() == Problem.UNREACHABLE || evidence.problem() == Problem.REGISTRY_ERROR;
        return failed
                && evidence.kind() == Kind.PULL_REFUSED
                && !evidence.detail().contains("docker.io")
                && !evidence.detail().contains("docker.com");
    }

    /** kubelet says acme/app where containerd says docker.io/acme/app. */
    private static String plain(String image) {
        String name = image.startsWith("index.") ? image.substring("index.".length()) : image;
        name = name.startsWith("docker.io/") ? name.substring("docker.io/".length()) : name;
        return name.startsWith("library/") ? name.substring("library/".length()) : name;
    }

    /** Where tasks fail, dockerd 29 tells of their pulls by image as well: the same pulls, not others. */
    List<Service> services() {
        List<Service> all = new ArrayList<>();
        for (Service service : services.values()) {
            boolean again = service.id.isEmpty() && service.pulled > 0 && service.pullFailures.size() == 0;
            if (!again || count(Kind.TASK_FAILED) == 0) {
                all.add(service);
            }
        }
        return all;
    }

    long count(Kind kind) {
        return counts[kind.ordinal()];
    }

    /** Tasks of swarm, which only the daemon itself tells of. */
    boolean isOfTasks() {
        return count(Kind.TASK_FAILED) > 0;
    }

    /** Tells of the same time, and not of the time before or after, as a log that was rotated does. */
    boolean isBeside(Journal other) {
        return firstSecond < other.lastSecond && other.firstSecond < lastSecond;
    }

    /** Of tasks and of pulls. */
    long failures() {
        long failures = 0;
        for (Kind kind : FAILURES) {
            failures += count(kind);
        }
        return failures;
    }

    long mirrorFailures() {
        return mirrorFailures;
    }

    /** Where the first of a kind stands. */
    long line(Kind kind) {
        return lines[kind.ordinal()];
    }

    String detail(Kind kind) {
        String detail = details[kind.ordinal()];
        return detail == null ? "" : detail;
    }

    /** A tool that looks for newer images and said so; "" if none did. */
    String poller() {
        return poller;
    }

    long shed() {
        return shed;
    }
}
