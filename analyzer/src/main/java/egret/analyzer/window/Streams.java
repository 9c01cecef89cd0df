// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.capture.count.ClientTraits;
import egret.capture.count.SourceCounts.Row;
import egret.rules.Client;
import egret.rules.Clients;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connections of a source by server name and client, at most {@value #MOST} pairs. */
final class Streams {
    static final int MOST = 64;

    private final List<Stream> streams = new ArrayList<>(2);

    /** One pair of server name and client. */
    static final class Stream {
        final String serverName;
        final String ja4;
        final ClientTraits traits;
        long connections;
        long requests;
        long pulls;

        private Stream(String serverName, String ja4, ClientTraits traits) {
            this.serverName = serverName;
            this.ja4 = ja4;
            this.traits = traits;
        }

        /** The program behind it, null if that is not known. */
        @Nullable
        Client client(Clients clients) {
            return clients.label(ja4, traits.alpn(), traits.supportedVersions(), traits.helloLessName(), serverName);
        }

        private void add(Row row) {
            connections += row.connections();
            requests += row.requests().count();
            pulls += row.pulls();
        }

        private boolean is(Row row) {
            ClientTraits other = row.clientTraits();
            return serverName.equals(row.serverName())
                    && ja4.equals(row.ja4())
                    && traits.helloLessName() == other.helloLessName()
                    && traits.supportedVersions() == other.supportedVersions()
                    && traits.ech() == other.ech()
                    && traits.alpn().equals(other.alpn());
        }
    }

    /** Whether there was room for it; if not, it is kept under no name and no client. */
    boolean add(Row row) {
        for (int i = 0; i < streams.size(); i++) {
            Stream stream = streams.get(i);
            if (stream.is(row)) {
                stream.add(row);
                return true;
            }
        }
        if (row.connections() <= 0) {
            return true;
        }
        boolean room = streams.size() < MOST;
        Stream stream;
        if (room) {
            stream = new Stream(row.serverName(), row.ja4(), row.clientTraits());
            streams.add(stream);
        } else {
            stream = rest();
        }
        stream.add(row);
        return room;
    }

    List<Stream> all() {
        return streams;
    }

    /** The last place is given up for what has no room. */
    private Stream rest() {
        Stream last = streams.get(MOST - 1);
        if (last.serverName.isEmpty() && last.ja4.isEmpty()) {
            return last;
        }
        Stream rest = new Stream("", "", ClientTraits.UNKNOWN);
        rest.connections = last.connections;
        rest.requests = last.requests;
        rest.pulls = last.pulls;
        streams.set(MOST - 1, rest);
        return rest;
    }
}
