// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import java.io.IOException;

/** One TLS connection from SYN to the last ACK, a packet at a time. */
final class Connection {
    private enum Step {
        SYN,
        SYN_ACK,
        ACK,
        HELLO,
        HELLO_ACK,
        FLIGHT,
        FINISHED,
        TICKETS,
        REQUEST,
        UPLOAD,
        RESPONSE,
        RESPONSE_ACK,
        CLOSE,
        CLOSE_ACK,
        LAST_ACK
    }

    private static final int MSS_IPV4 = 1_448;
    private static final int MSS_IPV6 = 1_428;

    int host;
    int name;
    boolean named;
    boolean ipv6;
    boolean vlan;
    int clientIpv4;
    int serverIpv4;
    int clientPort;
    int clientSequence;
    int serverSequence;

    private final Profile profile;
    private final Draw draw;
    private final Network network;
    private final Truth truth;
    private final Hello hello;
    private final Frames frames;
    private final RecordStream stream = new RecordStream();
    private final byte[] message = new byte[ServerFlight.MAX_BYTES];
    private final byte[] segment = new byte[MSS_IPV4];
    private int messageLength;
    private int messageSent;

    /** Bytes of the first segment of the hello. */
    private int helloCut;

    private boolean postQuantum;
    private int exchanges;
    private int unacknowledged;
    private Step step = Step.SYN;

    Connection(Profile profile, Draw draw, Network network, Truth truth, Hello hello, Frames frames) {
        this.profile = profile;
        this.draw = draw;
        this.network = network;
        this.truth = truth;
        this.hello = hello;
        this.frames = frames;
        open();
    }

    private void open() {
        host = profile.drawHost(network, draw);
        ipv6 = draw.percent(15);
        vlan = draw.percent(10);
        name = draw.percent(profile.watchedPercent()) ? 0 : 1 + draw.below(Network.NAMES - 1);
        named = isDocker() || !draw.percent(2);
        clientPort = network.port(host, ipv6);
        clientIpv4 = Network.clientIpv4(host);
        serverIpv4 = Network.serverIpv4(name, clientPort);
        clientSequence = (int) draw.bits();
        serverSequence = (int) draw.bits();
        postQuantum = draw.percent(30);
        messageLength = hello.write(message, named ? network.name(name) : null, postQuantum);
        messageSent = 0;
        // Some small hellos come in odd pieces too, as short as one byte.
        helloCut = !postQuantum && draw.percent(5) ? draw.between(1, messageLength) : mss();
        exchanges = isDocker() ? 1 : profile.exchanges(draw);
        step = Step.SYN;
    }

    /** Whether anything of it was sent. */
    boolean begun() {
        return step != Step.SYN;
    }

    boolean isDocker() {
        return name == 0;
    }

    /** Sends the next packet; returns false if that was the last one and the connection starts over as another. */
    boolean advance() throws IOException {
        switch (step) {
            case SYN -> {
                send(true, Frames.SYN, Step.SYN_ACK);
                truth.connection(this);
            }
            case SYN_ACK -> send(false, Frames.SYN | Frames.ACK, Step.ACK);
            case ACK -> send(true, Frames.ACK, Step.HELLO);
            case HELLO -> hello();
            case HELLO_ACK -> {
                send(false, Frames.ACK, Step.FLIGHT);
                message(ServerFlight.write(message, draw, named, postQuantum, profile.certificateBytes(draw)));
            }
            case FLIGHT -> sendMessage(false, mss(), Step.FINISHED);
            case FINISHED -> {
                message(ServerFlight.clientFinished(message, draw));
                sendMessage(true, mss(), Step.TICKETS);
            }
            case TICKETS -> {
                message(ServerFlight.tickets(message, draw, profile.tickets()));
                sendMessage(false, mss(), Step.REQUEST);
            }
            case REQUEST -> {
                truth.request(this);
                boolean uploads = !isDocker() && profile.uploads(draw);
                stream.start(uploads ? profile.uploadBytes(draw) : profile.requestBytes(draw));
                unacknowledged = 0;
                sendStream(true);
            }
            case UPLOAD -> sendStream(true);
            case RESPONSE -> sendStream(false);
            case RESPONSE_ACK -> send(true, Frames.ACK, --exchanges > 0 ? Step.REQUEST : Step.CLOSE);
            case CLOSE -> {
                int length = ServerFlight.closeAlert(segment, draw);
                frames.tcp(this, true, Frames.FIN | Frames.PSH | Frames.ACK, segment, 0, length);
                step = Step.CLOSE_ACK;
            }
            case CLOSE_ACK -> send(false, Frames.FIN | Frames.ACK, Step.LAST_ACK);
            case LAST_ACK -> {
                send(true, Frames.ACK, Step.SYN);
                open();
                return false;
            }
        }
        return true;
    }

    private void hello() throws IOException {
        if (messageSent == 0) {
            truth.helloBegun();
        }
        sendMessage(true, helloCut, Step.HELLO_ACK);
        helloCut = mss();
        if (step == Step.HELLO_ACK) {
            truth.hello(this);
        }
    }

    private void message(int length) {
        messageLength = length;
        messageSent = 0;
    }

    private void sendMessage(boolean toServer, int most, Step next) throws IOException {
        int length = Math.min(most, messageLength - messageSent);
        boolean last = messageSent + length == messageLength;
        frames.tcp(this, toServer, last ? Frames.PSH | Frames.ACK : Frames.ACK, message, messageSent, length);
        messageSent += length;
        if (last) {
            step = next;
        }
    }

    /** Sends a segment of the current stream, or after two of them the receiver's acknowledgment. */
    private void sendStream(boolean toServer) throws IOException {
        if (unacknowledged == 2) {
            unacknowledged = 0;
            send(!toServer, Frames.ACK, step);
            return;
        }
        int length = stream.fill(segment, mss(), draw);
        unacknowledged++;
        frames.tcp(this, toServer, stream.done() ? Frames.PSH | Frames.ACK : Frames.ACK, segment, 0, length);
        if (!stream.done()) {
            step = toServer ? Step.UPLOAD : Step.RESPONSE;
        } else if (toServer) {
            stream.start(profile.responseBytes(draw));
            unacknowledged = 0;
            step = Step.RESPONSE;
        } else {
            step = Step.RESPONSE_ACK;
        }
    }

    private void send(boolean toServer, int flags, Step next) throws IOException {
        frames.tcp(this, toServer, flags, segment, 0, 0);
        step = next;
    }

    private int mss() {
        return ipv6 ? MSS_IPV6 : MSS_IPV4;
    }
}
