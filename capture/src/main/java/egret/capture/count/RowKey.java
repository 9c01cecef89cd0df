// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/** What a row of counts is about; one mutable key serves look-ups, so that they allocate nothing. */
final class RowKey {
    long sourceHigh;
    long sourceLow;
    int name;

    /** Number of the {@link egret.capture.origin.Owner}; 0 if it is not known. */
    int owner;

    String endpoint = "";
    Fingerprint fingerprint = Fingerprint.UNKNOWN;

    RowKey copy() {
        RowKey copy = new RowKey();
        copy.sourceHigh = sourceHigh;
        copy.sourceLow = sourceLow;
        copy.name = name;
        copy.owner = owner;
        copy.endpoint = endpoint;
        copy.fingerprint = fingerprint;
        return copy;
    }

    @Override
    public int hashCode() {
        long mixed = (sourceHigh ^ sourceLow) * 0x9E37_79B9_7F4A_7C15L
                + name * 31L
                + owner * 8191L
                + fingerprint.ja4.hashCode();
        return (int) (mixed ^ (mixed >>> 32));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowKey key
                && key.sourceLow == sourceLow
                && key.sourceHigh == sourceHigh
                && key.name == name
                && key.owner == owner
                && key.endpoint.equals(endpoint)
                && key.fingerprint.equals(fingerprint);
    }
}
