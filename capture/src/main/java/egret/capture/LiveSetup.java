// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.count.Vantage;
import egret.capture.evidence.LocalEvidence;
import egret.capture.live.LiveOptions;
import egret.capture.pcap.Rotation;
import egret.capture.process.Places;
import egret.rules.Clients;
import egret.rules.InsideNetworks;
import egret.rules.Rules;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LiveAgent} is to capture and whom it is to ask.
 *
 * @param agent its name in messages
 * @param boot changes each time it starts
 * @param vantage where the packets are seen, null to guess
 * @param owner how to learn who opens connections, as in {@link egret.capture.socket.SocketSources#open}
 * @param evidence which logs and daemons of this machine are read
 * @param kernelFilter whether the kernel discards what counting never needs
 * @param fast whether it also discards what only refines the counts
 * @param packets after which capturing ends by itself, 0 for never
 * @param write where packets are written aside, null for nowhere
 */
public record LiveSetup(
        LiveOptions capture,
        String agent,
        String boot,
        @Nullable Vantage vantage,
        String owner,
        Places places,
        LocalEvidence.Wanted evidence,
        boolean kernelFilter,
        boolean fast,
        long packets,
        @Nullable Write write,
        Rules rules,
        Clients clients,
        InsideNetworks inside) {

    /** @param name of the file, or what the names of several begin with */
    public record Write(String name, Rotation rotation) {}
}
