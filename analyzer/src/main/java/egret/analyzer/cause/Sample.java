// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One client's pulls and the attempts of the services of its host in the same time, as many of the latest as can be compared
 * in a moment. Times in ms, ascending.
 */
final class Sample {
    private static final int MARGIN_MILLIS = 10_000;
    private static final int MOST_ATTEMPTS = 65_536;
    private static final int LEAST_KEPT = 16; // of a service
    private static final int MOST_PAIRS = 1 << 18; // of a pull with an attempt that may be its

    final List<Service> services = new ArrayList<>();
    final long[] pulls;
    final long[][] attempts; // by service
    final int untold; // pulls after these
    final long from;
    final long to;

    Sample(Stream stream, List<Service> those, Span span) {
        long[] begun = stream.pulls().ascending();
        long start = span.from(stream.pulls(), begun);
        List<long[]> kept = new ArrayList<>();
        for (int i = 0; i < those.size(); i++) {
            long[] times = within(times(those.get(i)), start - MARGIN_MILLIS, span.to() + MARGIN_MILLIS);
            if (times.length > 0) {
                services.add(those.get(i));
                kept.add(times);
            }
        }
        int most = Math.max(LEAST_KEPT, MOST_ATTEMPTS / Math.max(1, kept.size()));
        attempts = new long[kept.size()][];
        for (int i = 0; i < attempts.length; i++) {
            long[] times = kept.get(i);
            attempts[i] = Arrays.copyOfRange(times, Math.max(0, times.length - most), times.length);
        }
        long[] merged = merged();
        to = told(span.to(), merged);
        int all = begun.length;
        begun = within(begun, Long.MIN_VALUE, to);
        untold = all - begun.length;
        int first = first(begun, merged);
        pulls = Arrays.copyOfRange(begun, first, begun.length);
        from = first == 0 ? start : pulls[0];
        for (int i = 0; first > 0 && i < attempts.length; i++) {
            attempts[i] = within(attempts[i], from - MARGIN_MILLIS, Long.MAX_VALUE);
        }
    }

    /** A log is a little behind the wire, and an attempt is told of when it has failed: what came after the last is left out. */
    private static long told(long to, long[] attempts) {
        long last = attempts.length == 0 ? to : attempts[attempts.length - 1];
        return last > to - PullModel.LATEST ? Math.min(last, to) : to;
    }

    private static long[] times(Service service) {
        return (service.attempts.size() > 0 ? service.attempts : service.pullFailures).ascending();
    }

    /** Of all services. */
    long[] merged() {
        int size = 0;
        for (long[] times : attempts) {
            size += times.length;
        }
        long[] all = new long[size];
        int n = 0;
        for (long[] times : attempts) {
            System.arraycopy(times, 0, all, n, times.length);
            n += times.length;
        }
        Arrays.sort(all);
        return all;
    }

    /** The first pull from which on there are not too many pairs. */
    private static int first(long[] pulls, long[] attempts) {
        long pairs = 0;
        int begin = attempts.length;
        int end = attempts.length;
        for (int p = pulls.length - 1; p >= 0; p--) {
            while (begin > 0 && attempts[begin - 1] >= pulls[p] + PullModel.EARLIEST) {
                begin--;
            }
            while (end > begin && attempts[end - 1] >= pulls[p] + PullModel.LATEST) {
                end--;
            }
            pairs += end - begin;
            if (pairs > MOST_PAIRS && p < pulls.length - 1) {
                return p + 1;
            }
        }
        return 0;
    }

    static long[] within(long[] times, long from, long to) {
        int first = 0;
        while (first < times.length && times[first] < from) {
            first++;
        }
        int end = times.length;
        while (end > first && times[end - 1] > to) {
            end--;
        }
        return Arrays.copyOfRange(times, first, end);
    }
}
