// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.util.ArrayList;
import java.util.List;

/**
 * What was found when the ways to learn who opens sockets were tried, best first.
 *
 * @param methods best first
 */
public record Probe(List<Method> methods) {
    public Probe {
        methods = List.copyOf(methods);
    }

    /** What a way that is tried came to. */
    public enum State {
        /** It works and tells of connections. */
        USED,
        /** It works, a better one is used. */
        WORKS,
        /** It does not work here. */
        FAILED,
        /** A better one was found first, or another was chosen. */
        NOT_TRIED
    }

    /**
     * @param name as in {@link egret.capture.origin.Owner}
     * @param sentence why it does not work and what would grant it, or what it cannot see; "" if there is nothing to say
     */
    public record Method(String name, State state, String sentence) {}

    /** Tries every way and keeps none open. 200 ms on an idle machine. */
    public static Probe ofAll() {
        List<Method> methods = new ArrayList<>();
        boolean found = false;
        for (Way way : Way.values()) {
            Method method;
            try {
                way.open().close();
                method = new Method(way.method(), found ? State.WORKS : State.USED, way.limits());
                found = true;
            } catch (SocketSourceException e) {
                method = new Method(way.method(), State.FAILED, sentence(e));
            }
            methods.add(method);
        }
        return new Probe(methods);
    }

    /** The reason as a sentence of its own, whether it begins and ends as one or not. */
    static String sentence(SocketSourceException e) {
        String message = e.getMessage();
        if (message == null || message.isEmpty()) {
            return "";
        }
        String begun = Character.toUpperCase(message.charAt(0)) + message.substring(1);
        return begun.endsWith(".") ? begun : begun + ".";
    }
}
