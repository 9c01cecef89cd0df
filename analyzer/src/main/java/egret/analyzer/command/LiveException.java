// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

/**
 * A capture that cannot be begun: no such interface, no permission, no engine. The message is one sentence with the remedy,
 * without a full stop.
 */
final class LiveException extends Exception {
    private static final long serialVersionUID = 1;

    LiveException(String message) {
        super(message);
    }
}
