// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.Machine;
import egret.analyzer.report.MachineJson;
import egret.analyzer.report.MachineText;
import java.io.IOException;

/** {@code egret interfaces}: what can be captured here, and what is missing to do it. */
final class InterfacesCommand {
    private final Terminal terminal;
    private final Live live;

    InterfacesCommand(Terminal terminal, Live live) {
        this.terminal = terminal;
        this.live = live;
    }

    int run(Arguments arguments) throws IOException {
        Machine machine = live.machine();
        if (arguments.has("--json")) {
            MachineJson.write(machine, terminal.out());
        } else {
            terminal.print(MachineText.of(machine));
        }
        return Egret.DONE;
    }
}
