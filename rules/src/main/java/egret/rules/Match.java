// SPDX-License-Identifier: Apache-2.0
package egret.rules;

/** The endpoint that a server name belongs to, and what the name is for there. */
public record Match(Endpoint endpoint, Role role) {}
