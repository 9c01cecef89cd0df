// SPDX-License-Identifier: Apache-2.0
package egret.capture;

/**
 * Something that people who watch should know of the capture itself, such as that an interface is gone.
 *
 * @param number counts notices from 1
 * @param nanos when it was seen, since the epoch
 * @param sentence with its full stop
 */
public record Notice(long number, long nanos, String sentence) {}
