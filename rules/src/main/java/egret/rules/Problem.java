// SPDX-License-Identifier: Apache-2.0
package egret.rules;

/**
 * One thing that is wrong in a rules file.
 *
 * @param file as it was named by the caller
 * @param line from 1
 * @param column from 1
 * @param path of the key, e.g. {@code endpoints[0].limits.abuse.per}; "" for the file itself
 * @param wrong what is wrong
 * @param allowed what would be right, "" if that goes without saying
 */
public record Problem(String file, int line, int column, String path, String wrong, String allowed) {
    /** {@code file:line:column: path: what is wrong; what is allowed}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + (path.isEmpty() ? "" : path + ": ") + wrong
                + (allowed.isEmpty() ? "" : "; " + allowed);
    }
}
