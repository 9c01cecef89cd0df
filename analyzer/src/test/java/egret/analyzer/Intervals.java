// SPDX-License-Identifier: Apache-2.0
package egret.analyzer;

import egret.capture.count.Basis;
import egret.capture.count.ClientTraits;
import egret.capture.count.EvidenceGaps;
import egret.capture.count.RequestCount;
import egret.capture.count.SourceCounts;
import egret.capture.count.SourceCounts.Row;
import egret.capture.count.Vantage;
import egret.capture.origin.Owner;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Messages for tests, from arrivals. */
public final class Intervals {
    public static final long SECOND = 1_000_000_000L;
    public static final long START = 1_600_000_000L; // 12:26:40 UTC
    public static final String DOCKERD = "t13d110900_cafd58515627_97f8aa674fd9";
    private static final ClientTraits DOCKERD_TRAITS = new ClientTraits("", 2, 227, false);

    private final TreeMap<Long, List<Row>> rows = new TreeMap<>();
    private Owner owner = Owner.UNKNOWN;

    /** All arrivals from now on are this owner's. */
    public Intervals by(Owner newOwner) {
        owner = newOwner;
        return this;
    }

    /** One connection with one request at each of the times, in ms from {@link #START}. */
    public Intervals arrivals(
            String source,
            @Nullable String egress,
            String endpoint,
            String name,
            String ja4,
            boolean pulls,
            long... millis) {
        TreeMap<Long, List<Integer>> bySecond = new TreeMap<>();
        for (long at : millis) {
            bySecond.computeIfAbsent(Math.floorDiv(at, 1000L), second -> new ArrayList<>())
                    .add((int) Math.floorMod(at, 1000L));
        }
        bySecond.forEach((second, offsets) -> {
            int[] sorted = offsets.stream().mapToInt(Integer::intValue).sorted().toArray();
            int[] listed = Arrays.copyOf(sorted, Math.min(sorted.length, SourceCounts.MAX_ARRIVALS));
            int n = sorted.length;
            long from = (START + second) * SECOND;
            rows.computeIfAbsent(START + second, key -> new ArrayList<>())
                    .add(new Row(
                            ip(source),
                            egress == null ? null : ip(egress),
                            endpoint,
                            name,
                            ja4,
                            ja4.equals(DOCKERD) ? DOCKERD_TRAITS : ClientTraits.UNKNOWN,
                            owner,
                            n,
                            0,
                            new RequestCount(n, n, n, Basis.EXACT),
                            pulls ? n : 0,
                            100L * n,
                            1000L * n,
                            listed,
                            pulls ? listed : new int[0],
                            new int[] {1000},
                            new long[0],
                            new long[] {second + 1},
                            from + sorted[0] * 1_000_000L,
                            from + sorted[n - 1] * 1_000_000L));
        });
        return this;
    }

    public Intervals hub(String source, long... millis) {
        return arrivals(source, "203.0.113.5", "docker-hub", "registry-1.docker.io", DOCKERD, false, millis);
    }

    public Intervals row(long second, Row row) {
        rows.computeIfAbsent(START + second, key -> new ArrayList<>()).add(row);
        return this;
    }

    /** In order of time, one message a second where there is something to tell. */
    public List<SourceCounts> messages() {
        return messages("agent");
    }

    public List<SourceCounts> messages(String agent) {
        List<SourceCounts> messages = new ArrayList<>();
        for (Long second : new TreeSet<>(rows.keySet())) {
            messages.add(message(agent, messages.size(), second, rows.get(second)));
        }
        return messages;
    }

    public static SourceCounts message(String agent, long sequence, long second, List<Row> rows) {
        return new SourceCounts(agent, "boot", sequence, second, 1, Vantage.FILE, rows, List.of(), EvidenceGaps.NONE);
    }

    /** So many a second, evenly, for so many seconds. */
    public static long[] steady(long fromSecond, int seconds, int perSecond) {
        long[] millis = new long[seconds * perSecond];
        for (int i = 0; i < millis.length; i++) {
            millis[i] = fromSecond * 1000 + i * 1000L / perSecond;
        }
        return millis;
    }

    public static IpAddress ip(String text) {
        IpAddress ip = IpAddress.parse(text);
        if (ip == null) {
            throw new IllegalArgumentException(text);
        }
        return ip;
    }
}
