// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Times as logs write them: RFC 3339 with zone, and the local times of syslog (RFC 3164) and klog, which have neither
 * year nor zone. The year is the one that brings a time nearest to a reference; the zone is learned from lines that carry
 * both kinds of time, and UTC until then. One thread.
 */
final class LogTime {
    private static final long SECOND = 1_000_000_000L;
    private static final long QUARTER_HOUR = 900;

    /** Offsets from UTC that are in use lie within it. */
    private static final long LARGEST_OFFSET = 14 * 3600;

    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final int NONE = -1;

    private final LocalDate reference;
    private long offsetSeconds;
    private boolean offsetKnown;
    private boolean localRead;

    /** Of the last local time read: seconds as if it were UTC; undated until then. */
    private long localSeconds = LogLine.UNDATED;

    private int monthOfYear = NONE;
    private int yearOfMonth;

    /** @param referenceSeconds about when the log was written, seconds since the epoch */
    LogTime(long referenceSeconds) {
        reference = LocalDate.ofEpochDay(Math.floorDiv(referenceSeconds, 86_400L));
    }

    /** A line begins: it has not told a local time yet. */
    void begin() {
        localSeconds = LogLine.UNDATED;
    }

    /** The line also tells its time with a zone: that is the offset of the local one. */
    void learn(long nanos) {
        if (localSeconds == LogLine.UNDATED) {
            return;
        }
        long difference = localSeconds - Math.floorDiv(nanos, SECOND);
        long rounded = Math.round((double) difference / QUARTER_HOUR) * QUARTER_HOUR;
        if (Math.abs(difference - rounded) < 60 && Math.abs(rounded) <= LARGEST_OFFSET) {
            offsetSeconds = rounded;
            offsetKnown = true;
        }
    }

    /** Whether there were local times whose zone no line told. */
    boolean localTimesWithoutZone() {
        return localRead && !offsetKnown;
    }

    /** {@code 2026-11-23T01:26:19.533421694Z} or with {@code +02:00}; a space may stand for the T. Else undated. */
    static long rfc3339(byte[] b, int from, int to) {
        if (to - from < 20 || b[from + 4] != '-' || b[from + 7] != '-' || b[from + 13] != ':' || b[from + 16] != ':') {
            return LogLine.UNDATED;
        }
        int year = number(b, from, 4);
        int month = number(b, from + 5, 2);
        int day = number(b, from + 8, 2);
        int hour = number(b, from + 11, 2);
        int minute = number(b, from + 14, 2);
        int second = number(b, from + 17, 2);
        if (!date(year, month, day)
                || hour < 0
                || hour > 23
                || minute < 0
                || minute > 59
                || second < 0
                || second > 60) {
            return LogLine.UNDATED;
        }
        int at = from + 19;
        long fraction = 0;
        if (b[at] == '.' || b[at] == ',') {
            int digits = 0;
            at++;
            while (at < to && digit(b[at])) {
                if (digits < 9) {
                    fraction = fraction * 10 + b[at] - '0';
                    digits++;
                }
                at++;
            }
            for (; digits < 9; digits++) {
                fraction *= 10;
            }
        }
        long zone = zone(b, at, to);
        if (zone == LogLine.UNDATED) {
            return LogLine.UNDATED;
        }
        long seconds = epochDay(year, month, day) * 86_400 + hour * 3600L + minute * 60L + second - zone;
        return seconds * SECOND + fraction;
    }

    private static long zone(byte[] b, int at, int to) {
        if (at >= to) {
            return LogLine.UNDATED;
        }
        if (b[at] == 'Z') {
            return 0;
        }
        if ((b[at] != '+' && b[at] != '-') || to - at < 5) {
            return LogLine.UNDATED;
        }
        int hours = number(b, at + 1, 2);
        int minutesAt = b[at + 3] == ':' ? at + 4 : at + 3;
        int minutes = to - minutesAt < 2 ? NONE : number(b, minutesAt, 2);
        if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
            return LogLine.UNDATED;
        }
        long seconds = hours * 3600L + minutes * 60L;
        return b[at] == '-' ? -seconds : seconds;
    }

    /** {@code Nov 23 01:26:19}, 15 characters; undated if it is none. */
    long syslog(byte[] b, int from, int to) {
        if (to - from < 15 || b[from + 3] != ' ' || b[from + 6] != ' ') {
            return LogLine.UNDATED;
        }
        int month = month(b, from);
        int day = b[from + 4] == ' ' ? number(b, from + 5, 1) : number(b, from + 4, 2);
        return local(month, day, b, from + 7, to);
    }

    /** {@code 1031 11:57:43.120279}, behind klog's letter; undated if it is none. */
    long klog(byte[] b, int from, int to) {
        if (to - from < 13 || b[from + 4] != ' ') {
            return LogLine.UNDATED;
        }
        long nanos = local(number(b, from, 2), number(b, from + 2, 2), b, from + 5, to);
        if (nanos == LogLine.UNDATED || to - from < 20 || b[from + 13] != '.') {
            return nanos;
        }
        int micros = number(b, from + 14, 6);
        return micros < 0 ? nanos : nanos + micros * 1000L;
    }

    private long local(int month, int day, byte[] b, int clock, int to) {
        if (to - clock < 8 || b[clock + 2] != ':' || b[clock + 5] != ':') {
            return LogLine.UNDATED;
        }
        int hour = number(b, clock, 2);
        int minute = number(b, clock + 3, 2);
        int second = number(b, clock + 6, 2);
        if (month < 1
                || month > 12
                || hour < 0
                || hour > 23
                || minute < 0
                || minute > 59
                || second < 0
                || second > 60) {
            return LogLine.UNDATED;
        }
        int year = yearOf(month);
        if (!date(year, month, day)) {
            return LogLine.UNDATED;
        }
        localRead = true;
        localSeconds = epochDay(year, month, day) * 86_400 + hour * 3600L + minute * 60L + second;
        return (localSeconds - offsetSeconds) * SECOND;
    }

    /** The year in which this month comes nearest to the reference. */
    private int yearOf(int month) {
        if (month != monthOfYear) {
            int distance = month - reference.getMonthValue();
            yearOfMonth = reference.getYear() - (distance > 6 ? 1 : distance < -6 ? -1 : 0);
            monthOfYear = month;
        }
        return yearOfMonth;
    }

    private static int month(byte[] b, int from) {
        for (int m = 0; m < 12; m++) {
            if (b[from] == MONTHS.charAt(m * 3)
                    && b[from + 1] == MONTHS.charAt(m * 3 + 1)
                    && b[from + 2] == MONTHS.charAt(m * 3 + 2)) {
                return m + 1;
            }
        }
        return NONE;
    }

    private static boolean date(int year, int month, int day) {
        return year >= 1970
                && month >= 1
                && month <= 12
                && day >= 1
                && (day <= 28 || day <= YearMonth.of(year, month).lengthOfMonth());
    }

    /** Days since the epoch of a date of the proleptic Gregorian calendar. */
    private static long epochDay(int year, int month, int day) {
        // Years begin in March, so that the leap day is the last; 146,097 days are 400 years.
        long y = month > 2 ? year : year - 1L;
        long era = Math.floorDiv(y, 400L);
        long ofEra = y - era * 400;
        long ofYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468;
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The number that so many digits make; -1 if one of them is none. */
    private static int number(byte[] b, int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            if (!digit(b[i])) {
                return NONE;
            }
            value = value * 10 + b[i] - '0';
        }
        return value;
    }
}
