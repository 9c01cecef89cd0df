// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

/**
 * What was read of connection tracking so far, and what was not.
 *
 * @param translated connections told whose source address was changed; those of a dump again with each dump
 * @param overruns how often the kernel dropped news because it was not read in time; each is made up for by a dump
 * @param queries connections that had to be asked for one by one
 * @param unanswered of those that had to be asked for, the ones that were not: more than the bound of a second
 * @param shed entries that gave way to newer ones before their time
 * @param damaged messages that could not be read
 */
public record ConntrackCounts(long translated, long overruns, long queries, long unanswered, long shed, long damaged) {}
