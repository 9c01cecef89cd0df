// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The journal of systemd, by its own program, which runs as a child as long as this is open. When it ends it is started
 * again, after a second first, then ever longer up to a minute; what was written meanwhile is not read.
 */
final class JournalTail implements LogInput {
    /** Entries of the time before: for the names of services. */
    private static final String LOOK_BACK = "2000";

    private static final long FIRST_WAIT = 1_000_000_000L;
    private static final long LONGEST_WAIT = 60_000_000_000L;

    /** A child that ran so long was well. */
    private static final long WELL = 30_000_000_000L;

    private static final int MAX_COMPLAINT = 200;
    private static final int MAX_DRAIN = 64 << 10;

    private final List<String> command;
    private final byte[] complaint = new byte[MAX_COMPLAINT];
    private int complaintLength;
    private @Nullable Process process;
    private boolean again;
    private boolean ended;
    private boolean begun;
    private long startNanos;
    private long tryNanos = System.nanoTime();
    private long waitNanos = FIRST_WAIT;
    private volatile String state = "";

    JournalTail() {
        this(List.of(
                "journalctl", "-f", "-o", "json", "--no-pager", "-u", "docker", "-u", "containerd", "-u", "kubelet"));
    }

    /** @param command to which the number of entries to begin with is added */
    JournalTail(List<String> command) {
        this.command = List.copyOf(command);
    }

    @Override
    public int read(byte[] into) throws IOException {
        Process child = process;
        if (child == null) {
            return System.nanoTime() - tryNanos >= 0 && start() ? BEGUN : 0;
        }
        complaints(child.getErrorStream());
        InputStream out = child.getInputStream();
        int there = out.available();
        if (there > 0) {
            begun = true;
            ended = false;
            return Math.max(0, out.read(into, 0, Math.min(there, into.length)));
        }
        if (child.isAlive()) {
            if (!begun && System.nanoTime() - startNanos > FIRST_WAIT) {
                begun = true;
                state = "";
            }
            return 0;
        }
        if (!ended) {
            ended = true; // What it wrote last may come yet.
            return 0;
        }
        failed("journalctl ended with " + child.exitValue() + complaint());
        return 0;
    }

    private boolean start() {
        List<String> line = new ArrayList<>(command);
        line.add("-n");
        line.add(again ? "0" : LOOK_BACK);
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("LC_ALL", "C");
        try {
            Process child = builder.start();
            process = child;
            child.getOutputStream().close();
            startNanos = System.nanoTime();
            again = true;
            ended = false;
            begun = false;
            complaintLength = 0;
            state = "";
            return true;
        } catch (IOException e) {
            failed("cannot be started: " + e.getMessage());
            return false;
        }
    }

    private void failed(String why) {
        long now = System.nanoTime();
        if (process != null && now - startNanos > WELL) {
            waitNanos = FIRST_WAIT;
        }
        close();
        state = why;
        tryNanos = now + waitNanos;
        waitNanos = Math.min(waitNanos * 2, LONGEST_WAIT);
    }

    /** Keeps the beginning of what it complains, and takes the rest, so that it never waits for a reader. */
    private void complaints(InputStream err) throws IOException {
        int there = Math.min(err.available(), MAX_DRAIN);
        if (there > 0) {
            byte[] said = err.readNBytes(there);
            int kept = Math.min(said.length, complaint.length - complaintLength);
            System.arraycopy(said, 0, complaint, complaintLength, kept);
            complaintLength += kept;
        }
    }

    private String complaint() {
        String said = new String(complaint, 0, complaintLength, StandardCharsets.UTF_8).strip();
        return said.isEmpty() ? "" : ": " + said.replaceAll("\\s+", " ");
    }

    @Override
    public boolean fromStart() {
        return false;
    }

    @Override
    public boolean open() {
        return state.isEmpty();
    }

    @Override
    public String state() {
        return state;
    }

    @Override
    public void close() {
        Process child = process;
        process = null;
        if (child == null) {
            return;
        }
        child.destroy();
        try {
            if (!child.waitFor(300, TimeUnit.MILLISECONDS)) {
                child.destroyForcibly();
            }
        } catch (InterruptedException e) {
            child.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            child.getInputStream().close();
            child.getErrorStream().close();
        } catch (IOException ignored) {
            // They were only read.
        }
    }
}
