// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

/**
 * Times in UTC from nanoseconds since the epoch. By hand, because the formatters of java.time cost more at the start than
 * reading a small capture.
 */
public final class UtcTime {
    static final long NANOS = 1_000_000_000L;
    private static final long SECONDS_OF_DAY = 86_400;

    private UtcTime() {}

    /** As 14:02:11. */
    public static String clock(long nanos) {
        StringBuilder text = new StringBuilder(8);
        clock(text, Math.floorDiv(nanos, NANOS));
        return text.toString();
    }

    /** As 2026-11-20. */
    static String date(long nanos) {
        StringBuilder text = new StringBuilder(10);
        date(text, Math.floorDiv(Math.floorDiv(nanos, NANOS), SECONDS_OF_DAY));
        return text.toString();
    }

    /** RFC 3339 with as many thousandths as are needed: 2026-11-20T14:02:11.250Z. */
    static String rfc3339(long nanos) {
        long second = Math.floorDiv(nanos, NANOS);
        int fraction = (int) Math.floorMod(nanos, NANOS);
        StringBuilder text = new StringBuilder(30);
        date(text, Math.floorDiv(second, SECONDS_OF_DAY));
        clock(text.append('T'), second);
        if (fraction != 0) {
            int digits = fraction % 1_000_000 == 0 ? 3 : fraction % 1_000 == 0 ? 6 : 9;
            text.append('.');
            for (int digit = 0, unit = 100_000_000; digit < digits; digit++, unit /= 10) {
                text.append((char) ('0' + fraction / unit % 10));
            }
        }
        return text.append('Z').toString();
    }

    private static void clock(StringBuilder text, long second) {
        int ofDay = (int) Math.floorMod(second, SECONDS_OF_DAY);
        two(text, ofDay / 3600);
        two(text.append(':'), ofDay / 60 % 60);
        two(text.append(':'), ofDay % 60);
    }

    /** The proleptic Gregorian date, counted in eras of 400 years that begin on 1 March. */
    private static void date(StringBuilder text, long epochDay) {
        long day = epochDay + 719_468;
        long era = Math.floorDiv(day, 146_097L);
        int dayOfEra = (int) Math.floorMod(day, 146_097L);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shifted = (5 * dayOfYear + 2) / 153;
        int month = shifted < 10 ? shifted + 3 : shifted - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        if (year >= 0 && year < 1000) {
            text.append(year < 10 ? "000" : year < 100 ? "00" : "0");
        }
        two(text.append(year).append('-'), month);
        two(text.append('-'), dayOfYear - (153 * shifted + 2) / 5 + 1);
    }

    private static void two(StringBuilder text, int number) {
        text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
