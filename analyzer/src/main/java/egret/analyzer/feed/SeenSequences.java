// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.feed;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which messages of each boot of each agent have come. Remembers the last {@value #REMEMBERED} sequence numbers of a
 * boot; what lies further back counts as seen, since a message that old was either seen or is useless. Past {@value
 * #MAX_BOOTS} boots the one that has been silent longest is forgotten.
 */
final class SeenSequences {
    static final int REMEMBERED = 4096;
    static final int MAX_BOOTS = 4096;

    private final LinkedHashMap<String, Map<String, Boot>> agents = new LinkedHashMap<>(16, 0.75f, true);
    private int boots;

    /** Whether the message is new; from now on it is not. */
    boolean first(String agent, String boot, long sequence) {
        if (sequence < 0) {
            return false;
        }
        Map<String, Boot> known = agents.get(agent);
        if (known == null) {
            known = new HashMap<>(2);
            agents.put(agent, known);
        }
        Boot seen = known.get(boot);
        if (seen == null) {
            forgetIfFull(agent);
            seen = new Boot(sequence);
            known.put(boot, seen);
            boots++;
            return true;
        }
        return seen.first(sequence);
    }

    private void forgetIfFull(String current) {
        if (boots < MAX_BOOTS) {
            return;
        }
        String oldest = agents.keySet().iterator().next();
        Map<String, Boot> forgotten = agents.get(oldest); // an access, but the entry goes below or is emptied
        if (forgotten == null) {
            throw new AssertionError(oldest);
        }
        boots -= forgotten.size();
        if (oldest.equals(current)) {
            forgotten.clear();
        } else {
            agents.remove(oldest);
        }
    }

    /** A ring of bits over the last {@link #REMEMBERED} sequence numbers. */
    private static final class Boot {
        private final long[] bits = new long[REMEMBERED / 64];
        private long highest;

        private Boot(long sequence) {
            highest = sequence;
            set(sequence);
        }

        private boolean first(long sequence) {
            if (sequence > highest) {
                long from = Math.max(highest + 1, sequence - REMEMBERED + 1);
                for (long i = from; i <= sequence; i++) {
                    bits[slot(i)] &= ~(1L << i);
                }
                highest = sequence;
            } else if (sequence <= highest - REMEMBERED || (bits[slot(sequence)] >>> sequence & 1) != 0) {
                return false;
            }
            set(sequence);
            return true;
        }

        private void set(long sequence) {
            bits[slot(sequence)] |= 1L << sequence;
        }

        private static int slot(long sequence) {
            return (int) (sequence / 64 % (REMEMBERED / 64));
        }
    }
}
