// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import java.util.Map;

/**
 * How many connections were attributed, since the start. Each is counted once, when its owner is first asked for.
 *
 * @param asked the sum of the next three
 * @param exact the kernel said so
 * @param inferred one candidate was left
 * @param unknown nobody told of it
 * @param byMethod of exact and inferred, which source told
 * @param lost events that the kernel could not deliver
 * @param unread looks at processes that did not happen, as there were too many
 * @param shed entries that a full table gave up, by table: owner-connections, processes, owners, containers, lookups; and
 *     what container engines did not tell: engine-events that could not be read, engine-failures to answer or to stay
 */
public record Coverage(
        long asked,
        long exact,
        long inferred,
        long unknown,
        Map<String, Long> byMethod,
        long lost,
        long unread,
        Map<String, Long> shed) {
    public Coverage {
        byMethod = Map.copyOf(byMethod);
        shed = Map.copyOf(shed);
    }
}
