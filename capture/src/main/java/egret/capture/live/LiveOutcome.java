// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

/**
 * How a capture ended.
 *
 * @param stopped somebody asked for it
 * @param reason a sentence for people
 */
public record LiveOutcome(boolean stopped, String reason) {}
