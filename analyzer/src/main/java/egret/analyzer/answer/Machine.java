// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.answer;

import java.util.List;

/**
 * What can be captured on this machine, by whom it can be known whose connections are, and what is missing. Texts are
 * sentences without a full stop.
 *
 * @param engines best first; the first that works is what "auto" takes
 * @param owners likewise
 */
public record Machine(List<Device> interfaces, List<Method> engines, List<Method> owners, List<Missing> missing) {

    public Machine {
        interfaces = List.copyOf(interfaces);
        engines = List.copyOf(engines);
        owners = List.copyOf(owners);
        missing = List.copyOf(missing);
    }

    /**
     * An interface, or "any".
     *
     * @param state up, down or "" if that means nothing here
     * @param addresses as text
     * @param vantage what "auto" takes it for: host, nat-inside, nat-outside, mirror; "" if that is not known
     * @param note what else is to be known, "" for nothing
     */
    public record Device(
            String name, String state, List<String> addresses, String vantage, boolean capturable, String note) {
        public Device {
            addresses = List.copyOf(addresses);
        }
    }

    /** @param why it does not work, or what it cannot see; "" if there is nothing to say */
    public record Method(String name, boolean works, String why) {}

    /**
     * @param what is missing
     * @param command that grants it, one line for a shell; "" if there is none
     */
    public record Missing(String what, String command) {}
}
