// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a capture under way is doing. Times are nanoseconds since the epoch.
 *
 * @param vantage in words, as "NAT, inside"
 * @param hidden why sources cannot be told apart there and what to do, in words without a full stop; "" if they can
 * @param ownerMethod what tells of whom connections are, as "bpf-connect"; "" for nothing
 * @param inside our networks
 * @param evidence what logs and daemons are read and how that goes, a line for each
 * @param writing where packets are written aside and how far that is, in words; "" if they are not
 * @param notices what befell the capture, the last of it, oldest first
 * @param firstNanos when capturing began, 0 before it
 * @param nowNanos no packet is older than this
 * @param running whether packets are still taken
 * @param failure why it ended if it should not have, one sentence without a full stop
 */
public record Status(
        List<Interface> interfaces,
        String vantage,
        String hidden,
        String ownerMethod,
        List<String> inside,
        boolean insideGuessed,
        List<String> evidence,
        String writing,
        List<Notice> notices,
        long firstNanos,
        long nowNanos,
        boolean running,
        @Nullable String failure) {

    public Status {
        interfaces = List.copyOf(interfaces);
        inside = List.copyOf(inside);
        evidence = List.copyOf(evidence);
        notices = List.copyOf(notices);
    }

    /**
     * One interface that is captured from.
     *
     * @param vantage one of host, nat-inside, nat-outside, mirror
     * @param received packets that passed the filter in the kernel
     * @param dropped of those, by kernel, ring and interface
     * @param engine what captures: ring or pcap, and "unfiltered" where the kernel discards nothing though it was asked to
     */
    public record Interface(String name, String vantage, String engine, long received, long dropped) {}

    /**
     * Something to be told once.
     *
     * @param number counts notices from 1
     * @param words a sentence or two, without the last full stop
     */
    public record Notice(long number, long nanos, String words) {}

    public long received() {
        long sum = 0;
        for (Interface each : interfaces) {
            sum += each.received();
        }
        return sum;
    }

    public long dropped() {
        long sum = 0;
        for (Interface each : interfaces) {
            sum += each.dropped();
        }
        return sum;
    }
}
