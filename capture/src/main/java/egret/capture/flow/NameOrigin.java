// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

/** Where the name of a connection's server was read, best first. */
public enum NameOrigin {
    /** The server_name of a ClientHello. */
    SERVER_NAME,
    /** The target of a proxy request (HTTP CONNECT or SOCKS). */
    PROXY_REQUEST,
    /** The Host of a clear-text HTTP request. */
    HTTP_HOST,
    /** A DNS answer gave this name for the server's address: it may have others. */
    DNS_ANSWER,
    NONE
}
