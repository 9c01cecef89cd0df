// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.report.Style;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Where output and talk go, and what is there to read them. Text is UTF-8, whatever the locale says. */
final class Terminal {
    /** stty answers at once; a terminal that hangs must not hang us. */
    private static final long STTY_MILLIS = 300;

    private final StandardOutput out;
    private final PrintStream err;
    private final boolean outIsTerminal;
    private final boolean errIsTerminal;

    Terminal(StandardOutput out, PrintStream err, boolean outIsTerminal, boolean errIsTerminal) {
        this.out = out;
        this.err = err;
        this.outIsTerminal = outIsTerminal;
        this.errIsTerminal = errIsTerminal;
    }

    static Terminal ofProcess() {
        String output = device(1);
        OutputStream target = new FileOutputStream(FileDescriptor.out);
        boolean pipe = output.startsWith("pipe:") || output.startsWith("socket:");
        return new Terminal(new StandardOutput(target, pipe), System.err, isTerminal(output), isTerminal(device(2)));
    }

    /**
     * What a file descriptor is, "" if that cannot be known. Java 17 only tells whether input and output both are a
     * terminal; Linux tells of each. Elsewhere {@code --color always} has to be said.
     */
    private static String device(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
        } catch (IOException | RuntimeException ignored) { // no /proc: not Linux
            return "";
        }
    }

    private static boolean isTerminal(String device) {
        return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
    }

    StandardOutput out() {
        return out;
    }

    boolean outIsTerminal() {
        return outIsTerminal;
    }

    /** Whether somebody is there to see and to press keys. */
    boolean isInteractive() {
        return outIsTerminal && isTerminal(device(0));
    }

    boolean errIsTerminal() {
        return errIsTerminal;
    }

    void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A line of safe text on standard error. */
    void say(String line) {
        draw(line + "\n");
    }

    void say(Throwable thrown) {
        thrown.printStackTrace(err);
        err.flush();
    }

    /** Safe text on standard error without a line's end. */
    void draw(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        err.write(bytes, 0, bytes.length);
        err.flush();
    }

    /** Columns of the terminal, or of a page if there is none. */
    int columns() {
        if (!outIsTerminal) {
            return Style.PLAIN.columns();
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(STTY_MILLIS, TimeUnit.MILLISECONDS)) {
                stty.destroyForcibly();
                return Style.PLAIN.columns();
            }
            try (InputStream in = stty.getInputStream()) {
                return columns(new String(in.readNBytes(100), StandardCharsets.US_ASCII));
            }
        } catch (IOException ignored) { // no stty, no terminal to control us
            return Style.PLAIN.columns();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Style.PLAIN.columns();
        }
    }

    /** Of stty's "rows columns"; a terminal that does not know says 0. */
    static int columns(String sizes) {
        int columns = 0;
        for (int at = sizes.indexOf(' ') + 1; at > 0 && at < sizes.length() && columns < 10_000; at++) {
            char c = sizes.charAt(at);
            if (c < '0' || c > '9') {
                break;
            }
            columns = columns * 10 + (c - '0');
        }
        return columns == 0 ? Style.PLAIN.columns() : columns;
    }
}
