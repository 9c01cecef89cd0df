// SPDX-License-Identifier: Apache-2.0
package egret.rules;

/**
 * The program behind a ClientHello, as far as the hello tells.
 *
 * @param label for people, e.g. {@code dockerd ≤ 28}
 * @param onePerConnection whether it is known to make exactly one request on each connection
 * @param checksFirst whether it is known to ask with HEAD whether an image has changed, and to load it only then
 * @param certain whether such a hello was measured, rather than derived from the program's source
 */
public record Client(String label, boolean onePerConnection, boolean checksFirst, boolean certain) {}
