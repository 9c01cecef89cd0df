// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.Machine;
import egret.capture.LiveAgent;
import egret.capture.LiveSetup;
import egret.capture.count.Vantage;
import egret.capture.evidence.LocalEvidence;
import egret.capture.live.Interfaces;
import egret.capture.live.LiveOptions;
import egret.capture.nat.Conntrack;
import egret.capture.nat.HostNetwork;
import egret.capture.nat.VantageGuess;
import egret.capture.pcap.Rotation;
import egret.capture.process.Places;
import egret.capture.socket.Probe;
import egret.capture.socket.SocketSourceException;
import egret.rules.Clients;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Live capture on this machine. */
final class LiveMachine implements Live {
    private static final long MEGABYTE = 1_000_000;

    @Override
    public LiveSession open(LiveRequest request) throws LiveException, UsageException {
        AgentSession.Relay relay = new AgentSession.Relay();
        try {
            return new AgentSession(LiveAgent.open(setup(request), relay), relay, request);
        } catch (egret.capture.live.LiveException e) {
            String sentence = withoutStop(e.getMessage());
            switch (e.problem()) {
                case NO_SUCH_INTERFACE, BAD_FILTER -> throw new UsageException("egret watch: " + sentence);
                case NO_PERMISSION, NO_LIBPCAP, OTHER -> throw new LiveException(sentence);
            }
            throw new IllegalStateException(e);
        } catch (SocketSourceException e) {
            throw new LiveException(withoutStop(e.getMessage()));
        } catch (IOException e) {
            LiveRequest.Write write = request.write();
            throw new LiveException(
                    "cannot write " + (write == null ? "packets" : write.path()) + ": " + e.getMessage());
        }
    }

    private static LiveSetup setup(LiveRequest request) {
        LiveRequest.Write write = request.write();
        String docker = request.docker();
        Places usual = Places.usual();
        Places places = docker == null ? usual : usual.withSockets(List.of(Path.of(docker)));
        List<Path> logs = new ArrayList<>();
        for (LogFile log : request.logs()) {
            logs.add(Path.of(log.path()));
        }
        return new LiveSetup(
                new LiveOptions(
                        request.interfaces(),
                        request.snaplen(),
                        request.bufferMebibytes() << 20,
                        LiveOptions.Engine.valueOf(request.engine().toUpperCase(Locale.ROOT)),
                        true,
                        request.filter().isEmpty() ? null : request.filter()),
                "local",
                Long.toHexString(System.currentTimeMillis()),
                vantage(request.vantage()),
                request.owner(),
                places,
                new LocalEvidence.Wanted(request.evidence(), logs, places.sockets(), docker != null),
                request.kernelFilter(),
                request.fast(),
                request.packets(),
                write == null
                        ? null
                        : new LiveSetup.Write(write.path(), new Rotation(write.megabytes() * MEGABYTE, write.files())),
                request.rules(),
                Clients.builtin(),
                request.inside());
    }

    private static @Nullable Vantage vantage(String word) {
        return word.equals("auto")
                ? null
                : Vantage.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** A sentence as {@link LiveException} has it. */
    static String withoutStop(@Nullable String sentence) {
        if (sentence == null) {
            return "it cannot be told why";
        }
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    @Override
    public Machine machine() {
        Interfaces interfaces = Interfaces.here();
        List<Machine.Missing> missing = new ArrayList<>();
        String capture = interfaces.missing();
        if (capture != null) {
            String command = interfaces.command();
            missing.add(new Machine.Missing(withoutStop(capture), command == null ? "" : command));
        }
        return new Machine(devices(interfaces), engines(interfaces), owners(), missing);
    }

    private static List<Machine.Device> devices(Interfaces interfaces) {
        List<Machine.Device> devices = new ArrayList<>();
        HostNetwork network = network();
        try (Conntrack conntrack = Conntrack.open()) {
            for (Interfaces.Found found : interfaces.found()) {
                List<String> addresses = new ArrayList<>();
                for (Interfaces.Address address : found.addresses()) {
                    addresses.add(address.toString());
                }
                VantageGuess guess = VantageGuess.of(found.name(), network, conntrack, 0, 0);
                // One that is down and has no address may become anything.
                boolean unused = found.loopback() || (!found.up() && addresses.isEmpty());
                devices.add(new Machine.Device(
                        found.name(),
                        found.up() ? "up" : "down",
                        addresses,
                        unused ? "" : word(guess.place()),
                        interfaces.granted(),
                        unused ? "" : guess.words()));
            }
            devices.add(new Machine.Device(
                    LiveOptions.ANY,
                    "",
                    List.of(),
                    "",
                    interfaces.granted(),
                    "all of them, each connection counted once"));
        }
        return devices;
    }

    private static HostNetwork network() {
        try {
            return HostNetwork.read();
        } catch (IOException e) {
            return new HostNetwork(false, List.of());
        }
    }

    private static String word(VantageGuess.Place place) {
        return switch (place) {
            case HOST -> "host";
            case INSIDE, BOTH -> "nat-inside";
            case OUTSIDE -> "nat-outside";
            case MIRROR -> "mirror";
        };
    }

    private static List<Machine.Method> engines(Interfaces interfaces) {
        boolean linux = System.getProperty("os.name", "").startsWith("Linux");
        String version = interfaces.libpcap();
        return List.of(
                new Machine.Method("ring", linux && interfaces.granted(), linux ? "" : "is Linux' own"),
                new Machine.Method(
                        "pcap",
                        version != null && interfaces.granted(),
                        version == null ? "libpcap is not installed" : version));
    }

    private static List<Machine.Method> owners() {
        List<Machine.Method> owners = new ArrayList<>();
        for (Probe.Method method : Probe.ofAll().methods()) {
            boolean works = method.state() == Probe.State.USED || method.state() == Probe.State.WORKS;
            owners.add(new Machine.Method(method.name(), works, withoutStop(method.sentence())));
        }
        return owners;
    }
}
