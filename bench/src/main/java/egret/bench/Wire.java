// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import java.io.IOException;

/** Where frames go: a file, or an interface. */
interface Wire {
    void write(long micros, byte[] frame, int length) throws IOException;

    long packets();

    long bytes();
}
