// SPDX-License-Identifier: Apache-2.0
/**
 * What an application says in clear: ClientHellos, QUIC Initials, CONNECT and Host, SOCKS, DNS answers.
 */
@NullMarked
package egret.capture.protocol;

import org.jspecify.annotations.NullMarked;
