// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

/** What was given up, in a sentence that is true for it: most of it by tables that were full. */
final class GapText {
    private GapText() {}

    static String shed(String name, long count) {
        return switch (name) {
            case "interruptions" ->
                "An interface was down or away " + times(count) + ": what passed it then is not in the answer.";
            case "written-packets" ->
                Figures.counted(count, "packet") + " of those analyzed " + (count == 1 ? "was" : "were")
                        + " not written to the file.";
            case "conntrack-overruns" ->
                "The kernel had more to tell of translated connections than was taken, " + times(count)
                        + ": its table was read anew.";
            case "owner-events" ->
                Figures.counted(count, "event") + " of sockets " + (count == 1 ? "was" : "were")
                        + " lost: processes of their connections may not be known.";
            case "owner-reads" ->
                Figures.counted(count, "process", "processes") + (count == 1 ? " was" : " were")
                        + " not looked at, as too many began at once: command lines may not be known.";
            case "lookups" ->
                Figures.counted(count, "question") + " for the name of a container had to wait for another turn.";
            case "translations" ->
                "For " + Figures.counted(count, "connection")
                        + " it was not found out whether a NAT had changed the source: they count for the address seen.";
            case "watched-addresses" ->
                Figures.counted(count, "address", "addresses")
                        + " of watched servers found no room in the kernel's filter: requests there are counted too low.";
            case "evidence" ->
                Figures.counted(count, "record") + " of logs and daemons found no room: failures are counted too low.";
            case "names" -> "The name of a connection had been forgotten when it was asked for, " + times(count) + ".";
            case "late-intervals" ->
                Figures.counted(count, "second") + " of counts came late: in the totals, in no window and no alert.";
            case "intervals" ->
                Figures.counted(count, "second") + " of counts " + (count == 1 ? "was" : "were")
                        + " given up, as the analysis was behind.";
            case "unclaimed-failures" ->
                Figures.counted(count, "failure") + " that logs tell of could not be joined with the requests of any"
                        + " source: whose log it is, --log ADDRESS=FILE says.";
            case "engine-events" ->
                Figures.counted(count, "event") + " of a container engine could not be read: names of containers and"
                        + " services may be missing.";
            case "engine-failures" ->
                "A container engine went away or did not answer " + times(count)
                        + ": names of containers and services may be missing.";
            default ->
                "Table " + TerminalText.safe(name, 40) + " was full: " + Figures.grouped(count)
                        + " of its entries are counted in sums only.";
        };
    }

    private static String times(long count) {
        return count == 1 ? "once" : Figures.grouped(count) + " times";
    }
}
