// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

/** A command line that cannot be followed; the message is one sentence for its author, without a full stop. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
