// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.io.File;
import java.util.List;

/** Progress over all files together, and whether to stop. Used by the thread that has the sink. */
final class ProgressSum {
    private final ReadProgress progress;
    private final long total;
    private long done;
    private boolean stopped;

    ProgressSum(ReadProgress progress, List<String> paths) {
        this.progress = progress;
        long sum = 0;
        for (String path : paths) {
            File file = new File(path);
            if (file.isFile()) {
                sum = sum < 0 ? sum : sum + file.length();
            } else if (path.equals("-") || (file.exists() && !file.isDirectory())) {
                sum = -1;
            }
        }
        total = sum;
    }

    /** Notes more bytes read; true if reading is to stop. */
    boolean add(long bytes) {
        done += bytes;
        progress.read(done, total);
        stopped |= progress.stop();
        return stopped;
    }

    boolean stopped() {
        return stopped;
    }
}
