// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/**
 * A client as its ClientHello shows it.
 *
 * @param onePerConnection it is known to make one request on each connection
 */
record Fingerprint(String ja4, ClientTraits traits, boolean onePerConnection) {
    static final Fingerprint UNKNOWN = new Fingerprint("", ClientTraits.UNKNOWN, false);
}
