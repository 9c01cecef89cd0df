// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import egret.capture.evidence.Evidence.Kind;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adds up, second by second, the lines that say the same of the same service, and knows the names of services by their
 * tasks. One thread.
 */
final class EvidenceCounter {
    private static final long SECOND = 1_000_000_000L;

    /** Things that are told apart in one second; a node has far fewer services. */
    private static final int MAX_OPEN = 8192;

    private static final int MAX_ERRORS = 4096;
    private static final int MAX_TASKS = 65_536;
    private static final int MAX_SERVICES = 16_384;

    /** Compared by hand, as it is looked up for every line: a record's own methods are slow until they are compiled. */
    private record Key(Kind kind, String host, String service, String image, Problem problem) {
        @Override
        public int hashCode() {
            int hash = kind.ordinal() * 31 + problem.ordinal();
            return ((hash * 31 + service.hashCode()) * 31 + image.hashCode()) * 31 + host.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key
                    && key.kind == kind
                    && key.problem == problem
                    && key.service.equals(service)
                    && key.image.equals(image)
                    && key.host.equals(host);
        }
    }

    /** What is counted in the second that is open. */
    private static final class Open {
        final String detail;
        final long line;
        final int[] millis = new int[Evidence.MAX_MILLIS];
        int count;

        Open(String detail, long line) {
            this.detail = detail;
            this.line = line;
        }

        void add(int milli) {
            if (count < millis.length) {
                millis[count] = milli;
            }
            count++;
        }

        int[] times() {
            int[] times = Arrays.copyOf(millis, Math.min(count, millis.length));
            Arrays.sort(times);
            return times;
        }
    }

    private final String source;
    private final EvidenceSink sink;
    private final Map<Key, Open> open = new LinkedHashMap<>();
    private final Map<String, Problem> problems = bounded(MAX_ERRORS);
    private final Map<String, String> serviceOfTask = bounded(MAX_TASKS);
    private final Map<String, String> nameOfService = bounded(MAX_SERVICES);
    private long second = Long.MIN_VALUE;
    private long shed;

    EvidenceCounter(String source, EvidenceSink sink) {
        this.source = source;
        this.sink = sink;
    }

    /** The least recently used entry gives way. */
    private static <V> Map<String, V> bounded(int most) {
        return new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }

    void add(Kind kind, LogLine line, long lineNumber) {
        long at = Math.floorDiv(line.nanos, SECOND);
        if (at != second) {
            flush();
            second = at;
        }
        if (kind == Kind.SERVICE) {
            name(line, lineNumber);
            return;
        }
        if (!line.task.isEmpty() && !line.service.isEmpty() && !nameOfService.containsKey(line.service)) {
            serviceOfTask.put(line.task, line.service);
        }
        Problem problem = problems.get(line.error);
        if (problem == null) {
            problem = Problem.of(line.error);
            problems.put(line.error, problem);
        }
        // A tool that looks for newer images is told apart by its name, as a service is by its id.
        String of = kind == Kind.POLLED ? cut(line.remote) : line.service;
        Key key = new Key(kind, line.host, of, cut(line.image), problem);
        Open counted = open.get(key);
        if (counted == null) {
            if (open.size() >= MAX_OPEN) {
                shed++;
                return;
            }
            counted = new Open(cut(line.error), lineNumber);
            open.put(key, counted);
        }
        counted.add((int) (Math.floorMod(line.nanos, SECOND) / 1_000_000));
    }

    /** A line that names a service: told once. */
    private void name(LogLine line, long lineNumber) {
        String service = serviceOfTask.remove(line.task);
        String name = cut(line.remote);
        if (service != null && !name.equals(nameOfService.put(service, name))) {
            sink.evidence(new Evidence(
                    second,
                    Kind.SERVICE,
                    line.host,
                    service,
                    name,
                    "",
                    Problem.NONE,
                    "",
                    1,
                    new int[0],
                    source,
                    lineNumber));
        }
    }

    private static String cut(String text) {
        return text.length() <= Evidence.MAX_DETAIL ? text : text.substring(0, Evidence.MAX_DETAIL - 1) + "…";
    }

    /** Hands on what the open second holds. */
    void flush() {
        for (Map.Entry<Key, Open> entry : open.entrySet()) {
            Key key = entry.getKey();
            Open counted = entry.getValue();
            boolean polled = key.kind() == Kind.POLLED;
            String name = polled ? key.service() : nameOfService.getOrDefault(key.service(), "");
            sink.evidence(new Evidence(
                    second,
                    key.kind(),
                    key.host(),
                    polled ? "" : key.service(),
                    name,
                    key.image(),
                    key.problem(),
                    counted.detail,
                    counted.count,
                    counted.times(),
                    source,
                    counted.line));
        }
        open.clear();
    }

    /** Whether something is counted that was not handed on yet. */
    boolean isOpen() {
        return !open.isEmpty();
    }

    /** The one that is counted. */
    long second() {
        return second;
    }

    /** What else tells names of services. */
    void named(String service, String name) {
        nameOfService.put(service, name);
    }

    /** Lines that were too many to tell apart. */
    long shed() {
        return shed;
    }
}
