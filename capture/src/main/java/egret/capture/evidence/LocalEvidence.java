// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What daemons on this machine say while it is watched: their logs, followed, and Docker's API. Opened and closed by one
 * thread, its queue emptied by another; neither ever waits for a log or a daemon.
 */
public final class LocalEvidence implements AutoCloseable {
    private static final Path MESSAGES = Path.of("/var/log/messages");
    private static final Path SYSLOG = Path.of("/var/log/syslog");
    private static final Path DOCKER_LOG = Path.of("/var/log/docker.log");
    private static final List<Path> JOURNALS = List.of(Path.of("/run/log/journal"), Path.of("/var/log/journal"));

    /** Failures so long before the watching may have to do with what is seen. */
    private static final int BEFORE_SECONDS = 5;

    /**
     * What is to be read.
     *
     * @param on whether anything is
     * @param logs that were named; if there are none, those that the machine has
     * @param sockets of engines that speak Docker's API
     * @param given whether a socket was named, so that it is asked wherever packets are seen
     */
    public record Wanted(boolean on, List<Path> logs, List<Path> sockets, boolean given) {
        /** Nothing is read. */
        public static final Wanted NOTHING = new Wanted(false, List.of(), List.of(), false);

        public Wanted {
            logs = List.copyOf(logs);
            sockets = List.copyOf(sockets);
        }
    }

    private final EvidenceQueue queue;
    private final List<LogFollower> logs = new ArrayList<>();
    private final List<EngineEvidence> engines = new ArrayList<>();
    private String why = "";

    private LocalEvidence(EvidenceQueue queue) {
        this.queue = queue;
    }

    /**
     * Begins to read.
     *
     * @param ownHost whether packets are seen on the host that makes the requests; elsewhere only what was named is read
     */
    public static LocalEvidence open(Wanted wanted, boolean ownHost) {
        long second = Math.floorDiv(System.currentTimeMillis(), 1000);
        LocalEvidence evidence =
                new LocalEvidence(new EvidenceQueue(ownHost ? hostName() : "", second - BEFORE_SECONDS));
        if (!wanted.on()) {
            evidence.why = "logs and daemons are not asked";
        } else if (!ownHost && wanted.logs().isEmpty() && !wanted.given()) {
            evidence.why = "the daemons that make the requests are not on this machine: their logs are not here";
        } else {
            evidence.begin(wanted, ownHost);
        }
        return evidence;
    }

    /** As the kernel has it, and so the daemons that write it into logs. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }

    private void begin(Wanted wanted, boolean ownHost) {
        for (Path log : wanted.logs()) {
            logs.add(LogFollower.file(log, queue));
        }
        if (wanted.logs().isEmpty() && ownHost) {
            usualLogs();
        }
        for (Path socket : wanted.sockets()) {
            if (socket.toString().contains("podman")) {
                continue; // It has no services.
            }
            try {
                engines.add(EngineEvidence.open(socket, queue, this::logTells));
            } catch (IOException e) {
                why = "daemons cannot be asked: " + e.getMessage();
            }
        }
    }

    /** One way for each line: what goes to the journal is mostly copied into the files. */
    private void usualLogs() {
        if (hasJournal()) {
            logs.add(LogFollower.journal(queue));
            return;
        }
        Path system = Files.isReadable(MESSAGES) ? MESSAGES : SYSLOG;
        for (Path log : List.of(system, DOCKER_LOG)) {
            if (Files.isReadable(log)) {
                logs.add(LogFollower.file(log, queue));
            }
        }
        if (logs.isEmpty()) {
            why = "there is no journal, /var/log/messages or /var/log/syslog that can be read";
        }
    }

    private static boolean hasJournal() {
        boolean kept = false;
        for (Path journal : JOURNALS) {
            kept |= Files.isDirectory(journal);
        }
        String path = System.getenv("PATH");
        if (!kept || path == null) {
            return false;
        }
        for (String folder : path.split(":", -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, "journalctl"))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a log has told of pulls or failures: then nobody else needs to. */
    private boolean logTells() {
        for (LogFollower log : logs) {
            if (log.follows() && log.tally().used() > 0) {
                return true;
            }
        }
        return false;
    }

    /** Requests are made in such numbers that services are worth asking for again. Any thread. */
    public void burst() {
        for (EngineEvidence engine : engines) {
            engine.burst();
        }
    }

    public EvidenceQueue queue() {
        return queue;
    }

    /** What was given up: records that found no room, lines that were too many to tell apart. */
    public long shed() {
        long shed = queue.shed();
        for (LogFollower log : logs) {
            shed += log.tally().shed();
        }
        return shed;
    }

    /** How it is doing, a line for each of those that are asked, or the reason why there is none. Any thread. */
    public List<String> state() {
        List<String> lines = new ArrayList<>();
        for (LogFollower log : logs) {
            lines.add(log.state());
        }
        for (EngineEvidence engine : engines) {
            lines.add(engine.state());
        }
        if (!why.isEmpty()) {
            lines.add(why);
        }
        return lines;
    }

    @Override
    public void close() {
        for (LogFollower log : logs) {
            log.close();
        }
        for (EngineEvidence engine : engines) {
            engine.close();
        }
    }
}
