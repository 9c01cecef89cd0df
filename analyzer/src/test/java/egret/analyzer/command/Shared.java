// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Captures that lie beside the repository on some machines. */
final class Shared {
    private Shared() {}

    /** Skips the test by name where that is not there. */
    static Path directory(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path found = at.resolve("shared").resolve(name);
            if (Files.isDirectory(found)) {
                return found;
            }
        }
        assumeTrue(false, "skipped: no ../shared/" + name + " here");
        throw new AssertionError();
    }
}
