// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import egret.analyzer.answer.Machine;
import egret.analyzer.answer.Machine.Device;
import egret.analyzer.answer.Machine.Method;
import egret.analyzer.answer.Machine.Missing;
import java.util.List;

/** What can be captured here as a page: interfaces, engines, owners, and what is missing with the command that grants it. */
public final class MachineText {
    private static final int NAME_COLUMNS = 20;
    private static final int NOTE_COLUMNS = 200;
    private static final int MOST_ADDRESSES = 3;

    private final Page page = new Page(Style.PLAIN);

    private MachineText() {}

    /** The page, every line ended by a line feed. */
    public static String of(Machine machine) {
        MachineText text = new MachineText();
        text.devices(machine.interfaces());
        text.methods("How packets are captured", machine.engines());
        text.methods("How processes are known", machine.owners());
        text.missing(machine.missing());
        return text.page.toString();
    }

    private void devices(List<Device> devices) {
        page.line(devices.isEmpty() ? "There is no interface to capture from." : "Interfaces");
        Table table = new Table(
                new Table.Column("NAME", false, 0),
                new Table.Column("STATE", false, 0),
                new Table.Column("CAPTURE", false, 0),
                new Table.Column("VANTAGE", false, 0),
                new Table.Column("ADDRESSES", false, 0));
        String[] notes = new String[devices.size() + 1];
        notes[0] = "";
        for (int at = 0; at < devices.size(); at++) {
            Device device = devices.get(at);
            table.row(
                    TerminalText.safe(device.name(), NAME_COLUMNS),
                    TerminalText.safe(device.state(), NAME_COLUMNS),
                    device.capturable() ? "yes" : "no",
                    TerminalText.safe(device.vantage(), NAME_COLUMNS),
                    addresses(device.addresses()));
            notes[at + 1] = TerminalText.safe(device.note(), NOTE_COLUMNS);
        }
        if (!devices.isEmpty()) {
            table.print(page, 2, notes);
        }
    }

    private static String addresses(List<String> addresses) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < Math.min(addresses.size(), MOST_ADDRESSES); at++) {
            text.append(at == 0 ? "" : ", ").append(TerminalText.safe(addresses.get(at), 43));
        }
        int rest = addresses.size() - MOST_ADDRESSES;
        return text.append(rest > 0 ? " +" + rest : "").toString();
    }

    private void methods(String title, List<Method> methods) {
        page.heading(title);
        boolean chosen = false;
        for (Method method : methods) {
            String word = !method.works() ? "no" : chosen ? "yes" : "chosen";
            chosen |= method.works();
            String why = method.why().isEmpty() ? "" : ": " + TerminalText.safe(method.why(), NOTE_COLUMNS);
            page.wrapped(
                    "  ",
                    19,
                    TerminalText.safe(method.name(), 16)
                            + " ".repeat(Math.max(1, 17 - method.name().length()))
                            + word
                            + why);
        }
        if (!chosen) {
            page.line("  None of them works here.");
        }
    }

    private void missing(List<Missing> missing) {
        if (missing.isEmpty()) {
            return;
        }
        page.heading("What is missing");
        for (Missing each : missing) {
            page.wrapped(
                    "  ",
                    2,
                    TerminalText.safe(each.what(), 400) + (each.command().isEmpty() ? "" : ":"));
            if (!each.command().isEmpty()) {
                page.line("    " + TerminalText.safe(each.command())); // whole, as it is to be copied
            }
        }
    }
}
