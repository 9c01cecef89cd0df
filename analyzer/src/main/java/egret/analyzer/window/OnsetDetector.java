// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

/**
 * When a source left its own baseline: a CUSUM over its counts per second (Page 1954), for Poisson counts.
 *
 * <p>The baseline b is what the source did so far, in requests per second. Each second with x requests adds x ln(r/b) -
 * (r - b) to a sum that never falls below 0, where r = max(2.5 b, b + 0.5) is the least that is called a burst. When the
 * sum reaches {@value #ALARM} the source has left its baseline, in the second where the sum last rose from 0. One second
 * adds at most a {@value #SECONDS_AT_LEAST}th of that: a page full of requests within two seconds is no burst. A second
 * sum looks for the way down.
 *
 * <p>After a change the baseline is learned anew for {@value #LEARN} s, at the beginning and after a way down for {@value #LEARN_SHORT} s.
 * Changes upwards with less than {@value #JOIN} s between them are one, as services come up one after the other; not so
 * when the source was quiet in between, or when the earlier level was less than a {@value #JOIN_LEVEL}th of the later: that
 * was its ordinary business. Of several bursts the one with the most requests per second, measured over those
 * {@value #LEARN} s, gives the onset.
 */
final class OnsetDetector {
    static final int LEARN = 30;
    static final int JOIN = 90;
    private static final int LEARN_SHORT = 5;
    private static final int JOIN_LEVEL = 10;
    private static final double ALARM = 12;
    private static final int SECONDS_AT_LEAST = 4;
    private static final double LEAST_RISE = 0.5;
    private static final int LEAST_AT_BEGIN = 10;
    private static final double LEAST_BASELINE = 0.2; // 12 a minute: less is nothing to anybody

    private final long begin;
    private long next = Long.MIN_VALUE; // first second that has not been taken
    private double baseline = LEAST_BASELINE;
    private double up;
    private double down;
    private long upSecond; // where up last rose from 0
    private long upNanos;
    private boolean learning;
    private long learnFrom;
    private int learnSeconds = LEARN;
    private long upCount; // requests since up last rose from 0
    private double changeLevel; // requests per second after the last change
    private boolean ended; // it was quiet since the last change
    private long learned; // requests since then
    private boolean changed; // there was a change upwards
    private long changeSecond;
    private long changeNanos;
    private boolean changeAtBegin;
    private double bestLevel = -1;
    private long bestNanos;
    private boolean bestAtBegin;

    /** @param begin the second in which counting began, before which nothing is known */
    OnsetDetector(long begin) {
        this.begin = begin;
    }

    /**
     * Takes the count of a second; seconds that are left out had none.
     *
     * @param second after that of the last call
     * @param nanos time of the first of the requests
     */
    void add(long second, long count, long nanos) {
        if (next == Long.MIN_VALUE) {
            start(second, nanos);
        } else if (second < next) {
            return;
        }
        silence(second);
        if (learning) {
            learned += count;
            note(second);
        } else {
            watch(second, count, nanos);
        }
        next = second + 1;
    }

    boolean found() {
        return bestLevel >= 0;
    }

    /** Time of the first request of the burst. */
    long nanos() {
        return bestNanos;
    }

    /** Whether the source was at it when counting began, so that the burst may be older. */
    boolean atBegin() {
        return bestAtBegin;
    }

    /** A source that is there when counting begins has no baseline yet; one that comes later had silence. */
    private void start(long second, long nanos) {
        next = second;
        if (second - begin <= 2) {
            changed = true;
            changeSecond = second;
            changeNanos = nanos;
            changeAtBegin = true;
            learn(second);
            learnSeconds = LEARN_SHORT;
        }
    }

    private void learn(long from) {
        learning = true;
        learnFrom = from;
        learnSeconds = LEARN;
        learned = 0;
        up = 0;
        down = 0;
    }

    private void settle() {
        learning = false;
        baseline = Math.max(LEAST_BASELINE, (double) learned / learnSeconds);
        changeLevel = Math.max(changeLevel, baseline);
    }

    private void watch(long second, long count, long nanos) {
        if (up == 0) {
            upSecond = second;
            upNanos = nanos;
            upCount = 0;
        }
        upCount += count;
        double raised = raised();
        double gain = count * Math.log(raised / baseline) - (raised - baseline);
        up = Math.max(0, up + Math.min(gain, ALARM / SECONDS_AT_LEAST));
        double lowered = lowered();
        down = Math.max(0, down + count * Math.log(lowered / baseline) + (baseline - lowered));
        if (up >= ALARM) {
            double level = (double) upCount / (second - upSecond + 1);
            if (!changed || ended || upSecond - changeSecond > JOIN || changeLevel * JOIN_LEVEL < level) {
                changeNanos = upNanos;
                changeAtBegin = false;
                changeLevel = 0;
            }
            changed = true;
            ended = false;
            changeSecond = upSecond;
            learn(second);
            learned = count;
            note(second);
        } else if (down >= ALARM) {
            ended = true;
            learn(second);
            learnSeconds = LEARN_SHORT;
            learned = count;
        }
    }

    /** Takes the seconds without a request up to this one. */
    private void silence(long second) {
        if (learning && second >= learnFrom + learnSeconds) {
            next = Math.max(next, learnFrom + learnSeconds);
            settle();
        }
        long silent = second - next;
        if (learning || silent <= 0) {
            return;
        }
        up = Math.max(0, up - silent * (raised() - baseline));
        down += silent * (baseline - lowered());
        if (down >= ALARM) {
            baseline = LEAST_BASELINE;
            ended = true;
            down = 0;
            up = 0;
        }
    }

    /** What has been learned so far may already be the highest level after a change upwards. */
    private void note(long second) {
        double level = (double) learned / LEARN;
        boolean enough = !changeAtBegin
                || learned >= Math.max(LEAST_AT_BEGIN, (second - learnFrom + 1) * (LEAST_BASELINE + LEAST_RISE));
        if (level > bestLevel && enough) {
            bestLevel = level;
            bestNanos = changeNanos;
            bestAtBegin = changeAtBegin;
        }
    }

    private double raised() {
        return Math.max(2.5 * baseline, baseline + LEAST_RISE);
    }

    private double lowered() {
        return Math.max(baseline / 2.5, LEAST_BASELINE / 2);
    }
}
