// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import egret.capture.count.Basis;
import egret.capture.count.RequestCount;

/** Numbers as people read them. */
public final class Figures {
    private Figures() {}

    /** With a comma between thousands. */
    public static String grouped(long number) {
        String digits = Long.toString(number);
        int first = number < 0 ? 1 : 0;
        if (digits.length() - first <= 3) {
            return digits;
        }
        StringBuilder text = new StringBuilder(digits.length() + 7);
        for (int at = 0; at < digits.length(); at++) {
            if (at > first && (digits.length() - at) % 3 == 0) {
                text.append(',');
            }
            text.append(digits.charAt(at));
        }
        return text.toString();
    }

    /** A number and its noun, which takes an s unless the number is 1. */
    public static String counted(long number, String noun) {
        return counted(number, noun, noun + "s");
    }

    static String counted(long number, String one, String more) {
        return grouped(number) + " " + (number == 1 ? one : more);
    }

    /** With one decimal, the nearest tenth. */
    public static String tenths(double value) {
        if (!Double.isFinite(value) || Math.abs(value) > 1e15) {
            return Double.toString(value);
        }
        long tenths = Math.round(Math.abs(value) * 10);
        return (value < 0 && tenths > 0 ? "-" : "") + grouped(tenths / 10) + "." + tenths % 10;
    }

    /** A share of 1 in percent; what is not quite nothing or everything does not look so. */
    public static String percent(double share) {
        if (share > 0 && share < 0.0005) {
            return "<0.1 %";
        }
        if (share < 1 && share >= 0.9995) {
            return ">99.9 %";
        }
        return tenths(share * 100) + " %";
    }

    /** Bytes in the largest decimal unit of which there is one. */
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return counted(bytes, "byte");
        }
        String units = "kMGTPE";
        double value = bytes / 1000.0;
        int unit = 0;
        while (value >= 999.95 && unit < units.length() - 1) {
            value /= 1000;
            unit++;
        }
        return tenths(value) + " " + units.charAt(unit) + "B";
    }

    /** Seconds in words: 0.4 s, 12 s, 5 min 10 s, 3 h 4 min. */
    public static String duration(double seconds) {
        if (seconds < 10) {
            return tenths(seconds) + " s";
        }
        long whole = Math.round(seconds);
        if (whole < 120) {
            return whole + " s";
        }
        if (whole < 7200) {
            return whole / 60 + " min" + (whole % 60 == 0 ? "" : " " + whole % 60 + " s");
        }
        long minutes = whole / 60;
        return grouped(minutes / 60) + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
    }

    /** A count with its error: 120, 120 ±4, or ≥ 120 where no upper bound is known. */
    public static String requests(RequestCount requests) {
        if (requests.basis() == Basis.AT_LEAST) {
            return "≥ " + grouped(requests.count());
        }
        long error = Math.max(requests.high() - requests.count(), requests.count() - requests.low());
        return error == 0 ? grouped(requests.count()) : grouped(requests.count()) + " ±" + grouped(error);
    }

    /** As "120 requests (exact)", "120 ±4 requests (estimated)" or "at least 120 requests". */
    public static String requestsInWords(RequestCount requests) {
        String noun = requests.count() == 1 ? " request" : " requests";
        return requests.basis() == Basis.AT_LEAST
                ? "at least " + grouped(requests.count()) + noun
                : requests(requests) + noun + " (" + basis(requests.basis()) + ")";
    }

    /** What stands behind a count, in one word of the JSON contract. */
    static String basis(Basis basis) {
        return switch (basis) {
            case EXACT -> "exact";
            case ESTIMATED -> "estimated";
            case AT_LEAST -> "at-least";
        };
    }
}
