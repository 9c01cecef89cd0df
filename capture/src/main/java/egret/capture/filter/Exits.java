// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

/**
 * The ends of a program that several of its parts jump to.
 *
 * @param whole label: the packet is taken, up to the snaplen
 * @param nothing label: it is discarded
 * @param otherwise label: as much is taken as {@link Cells#OTHERWISE} says
 * @param tunnels packets inside others are taken
 */
record Exits(int whole, int nothing, int otherwise, boolean tunnels) {}
