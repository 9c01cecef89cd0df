// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

/**
 * When a capture goes on in another file, as tcpdump's -C and -W have it: before a packet is written to a file that is
 * larger than asked for, the next one is begun. So a file exceeds its size by one packet at most.
 *
 * <p>Without a number of files they are called NAME, NAME1, NAME2 and so on without end. With one, they are called NAME0,
 * NAME1 and so on, with zeros in front so that they sort, and after the last one the first is overwritten.
 *
 * @param fileBytes -C, there in millions of bytes; 0 for one file without a limit
 * @param files -W; 0 for no limit
 */
public record Rotation(long fileBytes, int files) {
    public static final Rotation NONE = new Rotation(0, 0);

    public Rotation {
        if (fileBytes < 0 || files < 0 || (files > 0 && fileBytes == 0)) {
            throw new IllegalArgumentException("files of " + fileBytes + " bytes, " + files + " of them");
        }
    }

    boolean isFull(long bytes) {
        return fileBytes > 0 && bytes > fileBytes;
    }

    /** @param number of the file since the start, from 0 */
    String name(String name, long number) {
        if (files == 0) {
            return number == 0 ? name : name + number;
        }
        String digits = Long.toString(number % files);
        int width = Integer.toString(files - 1).length();
        return name + "0".repeat(width - digits.length()) + digits;
    }
}
