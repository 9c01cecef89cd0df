// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

/** What is known of translated connections, and the clock by which it ages. One thread. */
final class Translations {
    private final TranslationTable table;
    private final AddressSet translatedTo = new AddressSet();
    private long translated;
    private long millis;

    Translations(int largest) {
        table = new TranslationTable(largest);
    }

    /** @param now milliseconds from 0 */
    void time(long now) {
        millis = Math.max(millis, now);
    }

    long millis() {
        return millis;
    }

    /** Notes a connection as far as it can be mistaken for another's: not what has nothing to do with NAT. */
    void put(Tuple original, Tuple reply) {
        if (original.sourceLow != reply.destinationLow || original.sourceHigh != reply.destinationHigh) {
            translatedTo.add(reply.destinationHigh, reply.destinationLow);
            translated++;
        }
        if (translatedTo.mayContain(reply.destinationHigh, reply.destinationLow)) {
            table.put(original, reply, millis);
        }
    }

    boolean find(Tuple reply, OriginalSource into) {
        return table.find(reply, millis, into);
    }

    /** Whether connections are translated to this address, as far as has been told. */
    boolean isEgress(long high, long low) {
        return translatedTo.mayContain(high, low);
    }

    /** News was lost: what was put until now is not believed, what is put from now on is. */
    void disbelieve() {
        table.disbelieve(millis);
        millis++;
    }

    long translated() {
        return translated;
    }

    long shed() {
        return table.shed();
    }
}
