// SPDX-License-Identifier: Apache-2.0
package egret.capture.origin;

import egret.capture.flow.Connection;

/** What the machine knows of connections beyond their packets. Called by the capturing thread alone; never blocks. */
public interface Origins {
    /** Knows nothing, as when a file is read. */
    Origins NONE = new Origins() {
        @Override
        public void opened(Connection connection) {}

        @Override
        public void find(Connection connection, Origin origin) {
            origin.reset(connection.clientHigh(), connection.clientLow());
        }

        @Override
        public Owner owner(int id) {
            return Owner.UNKNOWN;
        }
    };

    /** A connection was seen to begin: who must ask the kernel while its socket lives does so now. */
    void opened(Connection connection);

    /** Asked when a connection is named, unnamed or failed; may be asked again. */
    void find(Connection connection, Origin origin);

    /** The owner by its number, as far as it is known by now: a container's name may come later. */
    Owner owner(int id);
}
