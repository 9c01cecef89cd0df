// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import java.io.IOException;

/** The bytes of a log that is being written, as they come. One thread, but for {@link #state}. */
interface LogInput extends AutoCloseable {
    /** What is read from here on is the beginning, or continues nothing that was read before. */
    int BEGUN = -1;

    /** Never waits: how many bytes were read, 0 if there are none for now, or {@link #BEGUN}. */
    int read(byte[] into) throws IOException;

    /** Whether lines are counted from the first one of the file. */
    boolean fromStart();

    /** Whether there is something that is read. */
    boolean open();

    /** How it is doing, in words; "" if all is well. Any thread. */
    String state();

    @Override
    void close();
}
