// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

/** The real program on the bundled incident instead of an interface, for tests on a terminal and to look at. */
final class WatchDemo {
    private WatchDemo() {}

    /** @param words the speed, "ok" or "bug", and then a command line of egret */
    public static void main(String[] words) {
        ReplayLive live = new ReplayLive(ReplayLive.INCIDENT, Double.parseDouble(words[0]), true);
        if (words[1].equals("bug")) {
            live.bug = new IllegalStateException("made to fail");
        }
        String[] rest = java.util.Arrays.copyOfRange(words, 2, words.length);
        System.exit(new Egret(Terminal.ofProcess(), new OfflineAnalysis(), live, "demo").run(rest));
    }
}
