// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/**
 * A client as its ClientHello shows it; one object for each, compared by identity. No record, as a record's generated
 * equals costs some ten milliseconds of the start.
 */
final class Fingerprint {
    static final Fingerprint UNKNOWN = new Fingerprint("", ClientTraits.UNKNOWN, false);

    final String ja4;
    final ClientTraits traits;

    /** It is known to make one request on each connection. */
    final boolean onePerConnection;

    Fingerprint(String ja4, ClientTraits traits, boolean onePerConnection) {
        this.ja4 = ja4;
        this.traits = traits;
        this.onePerConnection = onePerConnection;
    }
}
