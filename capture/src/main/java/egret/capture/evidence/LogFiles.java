// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Reads logs of daemons, plain or compressed by gzip; {@code -} is standard input. */
public final class LogFiles {
    private static final int BLOCK = 256 << 10;

    private LogFiles() {}

    /**
     * Reads one log to its end. What cannot be read is told by the result.
     *
     * @param referenceSeconds about when it was written: for times without a year
     */
    public static LogResult read(String path, long referenceSeconds, EvidenceSink sink) {
        LogTime time = new LogTime(referenceSeconds);
        EvidenceCounter counter = new EvidenceCounter(path, sink);
        LogScanner scanner = new LogScanner(time, counter);
        long bytes = 0;
        String error = null;
        try (InputStream in = open(path)) {
            byte[] block = new byte[BLOCK];
            for (int n = in.read(block); n > 0; n = in.read(block)) {
                scanner.bytes(block, 0, n);
                bytes += n;
            }
        } catch (FileNotFoundException e) {
            error = Files.isDirectory(Path.of(path)) ? "is a directory" : "no such file, or no permission to read it";
        } catch (IOException e) {
            error = String.valueOf(e.getMessage());
        }
        scanner.end();
        return new LogResult(
                path,
                bytes,
                scanner.lines(),
                scanner.used(),
                scanner.undated(),
                scanner.overlong(),
                counter.shed(),
                time.localTimesWithoutZone(),
                error);
    }

    private static InputStream open(String path) throws IOException {
        InputStream file = path.equals("-") ? new FileInputStream(FileDescriptor.in) : new FileInputStream(path);
        try {
            BufferedInputStream begun = new BufferedInputStream(file, BLOCK);
            begun.mark(2);
            boolean gzip = begun.read() == 0x1f && begun.read() == 0x8b;
            begun.reset();
            return gzip ? new GZIPInputStream(begun, BLOCK) : begun;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }
}
