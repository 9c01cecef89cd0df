// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.attribution;

/** Numbers and times as people read them; without String.format and java.time, which cost 20 ms at the start. */
final class Phrases {
    private static final long SECOND = 1_000_000_000L;

    private Phrases() {}

    /** With a comma at every thousand. */
    static String number(long value) {
        String digits = Long.toString(value);
        StringBuilder text = new StringBuilder(digits.length() + 6);
        int first = digits.startsWith("-") ? 1 : 0;
        for (int i = 0; i < digits.length(); i++) {
            if (i > first && (digits.length() - i) % 3 == 0) {
                text.append(',');
            }
            text.append(digits.charAt(i));
        }
        return text.toString();
    }

    static String count(long value, String one, String many) {
        return number(value) + " " + (value == 1 ? one : many);
    }

    /** Whole percent; what is there is never 0 %, and what is not all never 100 %. */
    static String percent(double share) {
        long percent = Math.round(share * 100);
        if (percent == 0 && share > 0) {
            return "less than 1 %";
        }
        if (percent == 100 && share < 1) {
            return "over 99 %";
        }
        return number(percent) + " %";
    }

    /** {@code 3.0}. */
    static String ratio(long value, long of) {
        long tenths = of == 0 ? 0 : Math.round(10.0 * value / of);
        return tenths / 10 + "." + tenths % 10;
    }

    /** {@code 14:02:11 UTC}. */
    static String time(long nanos) {
        return clock(nanos) + " UTC";
    }

    /** {@code 14:02:11.084}. */
    static String timeToMillis(long nanos) {
        long millis = Math.floorMod(Math.floorDiv(nanos, 1_000_000L), 1000L);
        return clock(nanos) + "." + (millis < 100 ? "0" : "") + (millis < 10 ? "0" : "") + millis;
    }

    private static String clock(long nanos) {
        long second = Math.floorMod(Math.floorDiv(nanos, SECOND), 86_400L);
        StringBuilder text = new StringBuilder(12);
        two(text, second / 3600).append(':');
        two(text, second / 60 % 60).append(':');
        two(text, second % 60);
        return text.toString();
    }

    private static StringBuilder two(StringBuilder text, long value) {
        return text.append(value < 10 ? "0" : "").append(value);
    }

    /** {@code 0.85 s}, {@code 1.1 s}, {@code 12 s}. */
    static String seconds(double seconds) {
        int decimals = seconds < 0.995 ? 2 : seconds < 9.95 ? 1 : 0;
        long scale = decimals == 2 ? 100 : decimals == 1 ? 10 : 1;
        long scaled = Math.round(seconds * scale);
        if (decimals == 0) {
            return scaled + " s";
        }
        String rest = Long.toString(scaled % scale);
        return scaled / scale + "." + (decimals == 2 && rest.length() == 1 ? "0" : "") + rest + " s";
    }

    /** The last part of a path. */
    static String fileName(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }
}
