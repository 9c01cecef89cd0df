// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import org.jspecify.annotations.Nullable;

/**
 * What became of one log.
 *
 * @param bytes read, decompressed
 * @param used lines that became evidence; most lines of a log have nothing to do with pulls
 * @param undated lines about pulls that do not tell their time, and are not used
 * @param overlong lines that were cut at {@link LogScanner#MAX_LINE} bytes
 * @param shed lines that were too many to tell apart within a second
 * @param zoneAssumed there are local times and nothing tells their zone: they were taken for UTC
 * @param error why it was not read to its end, null if it was
 */
public record LogResult(
        String path,
        long bytes,
        long lines,
        long used,
        long undated,
        long overlong,
        long shed,
        boolean zoneAssumed,
        @Nullable String error) {}
