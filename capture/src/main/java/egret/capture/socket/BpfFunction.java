// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

/** The kernel's functions that programs call, with their numbers in include/uapi/linux/bpf.h. */
public enum BpfFunction {
    MAP_LOOKUP_ELEMENT(1),
    MAP_UPDATE_ELEMENT(2),
    /** CLOCK_MONOTONIC. */
    KTIME_GET_NANOS(5),
    /** Process (thread group) in the high half, thread in the low. */
    GET_CURRENT_PID_TGID(14),
    /** uid in the low half. */
    GET_CURRENT_UID_GID(15),
    /** Needs CAP_PERFMON. */
    GET_CURRENT_COMMAND(16),
    /** A frame goes out on another interface. */
    REDIRECT(23),
    SKB_LOAD_BYTES(26),
    GET_SOCKET_COOKIE(46),
    XDP_ADJUST_TAIL(65),
    GET_CURRENT_CGROUP_ID(80),
    RINGBUF_RESERVE(131),
    RINGBUF_SUBMIT(132),
    XDP_STORE_BYTES(190);

    final int number;

    BpfFunction(int number) {
        this.number = number;
    }
}
