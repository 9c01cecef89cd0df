// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import org.jspecify.annotations.Nullable;

/** The ways to learn who opens sockets, best first: the order in which they are tried. */
enum Way {
    BPF_CONNECT("bpf-connect") {
        @Override
        SocketSource open() throws SocketSourceException {
            return BpfSource.openConnect();
        }
    },
    BPF_SOCK_OPS("bpf-sock-ops") {
        @Override
        SocketSource open() throws SocketSourceException {
            return BpfSource.openSocketOperations();
        }
    },
    BPF_SOCK_CREATE("bpf-sock-create") {
        @Override
        SocketSource open() throws SocketSourceException {
            return BpfSource.openSocketCreation();
        }
    },
    TRACEFS("tracefs") {
        @Override
        SocketSource open() throws SocketSourceException {
            return TraceSource.open();
        }
    },
    SOCK_DIAG(SockDiag.METHOD) {
        @Override
        SocketSource open() throws SocketSourceException {
            return SockDiag.open(connector());
        }

        @Override
        String limits() {
            return Capabilities.limits(true);
        }
    },
    PROC(Inventory.METHOD) {
        @Override
        SocketSource open() throws SocketSourceException {
            return Inventory.open();
        }

        @Override
        String limits() {
            return Capabilities.limits(false);
        }
    };

    private final String method;

    Way(String method) {
        this.method = method;
    }

    /** Loads it: what a kernel can do is not seen from its version. */
    abstract SocketSource open() throws SocketSourceException;

    /** What it cannot see here although it works; "" if there is nothing. */
    String limits() {
        return "";
    }

    String method() {
        return method;
    }

    private static @Nullable ProcessConnector connector() {
        try {
            return ProcessConnector.open();
        } catch (SocketSourceException e) {
            return null; // without it new processes are found by walks: slower, not wrong
        }
    }
}
