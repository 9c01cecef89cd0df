// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

/**
 * How far reading is, in one line that is drawn over and over on a terminal. It comes only after a while, so a small capture
 * never shows it. Thirty lines of our own: me.tongfei:progressbar would bring jline and a thread along.
 */
final class ProgressLine implements Progress {
    private static final long FIRST_NANOS = 500_000_000;
    private static final long NEXT_NANOS = 100_000_000;
    private static final int BAR_COLUMNS = 30;
    private static final String CLEAR = "\r\u001b[K";

    private final Terminal terminal;
    private final boolean wanted;
    private final long startNanos = System.nanoTime();
    private long nextNanos = startNanos + FIRST_NANOS;
    private boolean drawn;

    ProgressLine(Terminal terminal, boolean quiet) {
        this.terminal = terminal;
        this.wanted = !quiet && terminal.errIsTerminal();
    }

    @Override
    public void read(long done, long total) {
        if (!wanted) {
            return;
        }
        long now = System.nanoTime();
        if (now - nextNanos < 0) {
            return;
        }
        nextNanos = now + NEXT_NANOS;
        drawn = true;
        terminal.draw(CLEAR + line(done, total, (now - startNanos) / 1e9));
    }

    /** Takes the line away, before anything else is written. */
    void end() {
        if (drawn) {
            terminal.draw(CLEAR);
            drawn = false;
        }
    }

    static String line(long done, long total, double seconds) {
        String megabytes = done / 1_000_000 + " MB";
        if (total <= 0) {
            return megabytes + " read";
        }
        double part = Math.min(1.0, (double) done / total);
        int full = (int) (part * BAR_COLUMNS);
        String line = "█".repeat(full) + "░".repeat(BAR_COLUMNS - full) + " " + (int) (part * 100) + " %  " + megabytes
                + " of " + total / 1_000_000 + " MB";
        if (part <= 0.01) {
            return line;
        }
        long left = Math.round(seconds / part - seconds);
        return line + ", " + (left < 120 ? left + " s" : left / 60 + " min") + " left";
    }
}
