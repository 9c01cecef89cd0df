// SPDX-License-Identifier: Apache-2.0
package egret.rules;

/** The words and figures of rules files: numbers, lengths of time, and the nearest word to a misspelt one. */
final class Words {
    static final String DURATION = "a number and s, m or h, from 1s to 24h, such as 60s";
    static final int LONGEST_SECONDS = 24 * 3600;

    private static final long MOST = 1_000_000_000_000_000L;

    private Words() {}

    /** A whole number up to 10^15, -1 if it is none. */
    static long number(String text) {
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '_' && i > 0 && i < text.length() - 1 && text.charAt(i - 1) != '_') {
                continue;
            }
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
            if (number > MOST) {
                return -1;
            }
        }
        return text.isEmpty() ? -1 : number;
    }

    /** A share like {@code 80%}, -1 if it is none. */
    static long percent(String text) {
        return text.endsWith("%") ? number(text.substring(0, text.length() - 1)) : -1;
    }

    /** A length of time like {@code 60s}, {@code 5m} or {@code 6h}, 0 if it is none or too long. */
    static int seconds(String text) {
        if (text.length() < 2) {
            return 0;
        }
        long unit = switch (text.charAt(text.length() - 1)) {
            case 's' -> 1;
            case 'm' -> 60;
            case 'h' -> 3600;
            default -> 0;
        };
        long number = number(text.substring(0, text.length() - 1));
        return number < 1 || number > LONGEST_SECONDS || number * unit > LONGEST_SECONDS ? 0 : (int) (number * unit);
    }

    static String duration(int seconds) {
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 && seconds > 60 ? seconds / 60 + "m" : seconds + "s";
    }

    static int indexOf(String[] words, String word) {
        for (int i = 0; i < words.length; i++) {
            if (words[i].equals(word)) {
                return i;
            }
        }
        return -1;
    }

    static boolean contains(String[] words, String word) {
        return indexOf(words, word) >= 0;
    }

    static String list(String... words) {
        StringBuilder list = new StringBuilder();
        for (String word : words) {
            list.append(list.isEmpty() ? "" : ", ").append(word);
        }
        return list.toString();
    }

    /** {@code did you mean "…"? } for the nearest word, "" if none is near. */
    static String didYouMean(String word, String... words) {
        String nearest = nearest(word, words);
        return nearest.isEmpty() ? "" : "did you mean \"" + nearest + "\"? ";
    }

    private static String nearest(String word, String[] words) {
        String nearest = "";
        int least = Math.max(1, Math.min(3, word.length() / 3)) + 1;
        for (String candidate : words) {
            if (Math.abs(candidate.length() - word.length()) < least) {
                int distance = distance(word, candidate);
                if (distance < least) {
                    least = distance;
                    nearest = candidate;
                }
            }
        }
        return nearest;
    }

    /** Damerau-Levenshtein: letters put in, left out, changed or swapped with the next, whatever their case. */
    private static int distance(String a, String b) {
        int[][] rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    rows[i][j] = i + j;
                    continue;
                }
                int change = same(a, i - 1, b, j - 1) ? 0 : 1;
                int best = Math.min(rows[i - 1][j - 1] + change, 1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
                if (i > 1 && j > 1 && same(a, i - 1, b, j - 2) && same(a, i - 2, b, j - 1)) {
                    best = Math.min(best, rows[i - 2][j - 2] + 1);
                }
                rows[i][j] = best;
            }
        }
        return rows[a.length()][b.length()];
    }

    private static boolean same(String a, int i, String b, int j) {
        return Character.toLowerCase(a.charAt(i)) == Character.toLowerCase(b.charAt(j));
    }
}
