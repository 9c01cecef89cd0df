// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.io.Serial;

/** A {@link SocketSource} cannot work here. Its message is one sentence for the user: what is missing, and what grants it. */
public final class SocketSourceException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    public SocketSourceException(String sentence) {
        super(sentence);
    }
}
