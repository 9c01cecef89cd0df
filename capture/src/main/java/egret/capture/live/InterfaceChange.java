// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

/** An interface of a running capture went down or away, or came back. */
public record InterfaceChange(String name, Kind kind) {
    /** What happened. */
    public enum Kind {
        DOWN,
        UP,
        /** Deleted, or moved to another network namespace. */
        GONE,
        /** There is an interface of that name again; it is captured from now on. */
        BACK
    }

    /** A sentence for people. */
    public String sentence() {
        return switch (kind) {
            case DOWN -> name + " is down; capture goes on when it is up again.";
            case UP -> name + " is up.";
            case GONE -> name + " is gone.";
            case BACK -> name + " is back.";
        };
    }
}
