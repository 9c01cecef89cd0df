// SPDX-License-Identifier: Apache-2.0
package egret.bench;

/** What a generated capture holds, counted as its packets are written; the end may cut connections in any state. */
final class Truth {
    private static final String[] DOCKER_COUNTS = {"connections", "hellos", "requests"};

    private final Network network;
    private final long[] helloByName = new long[Network.NAMES];
    private final long[][] dockerBySource = new long[2 * Network.HOSTS][DOCKER_COUNTS.length];
    private long connections;
    private long ipv6;
    private long vlan;
    private long unnamed;
    private long unfinished;
    private long requests;
    private long queries;

    Truth(Network network) {
        this.network = network;
    }

    /** A SYN was written. */
    void connection(Connection connection) {
        connections++;
        if (connection.ipv6) {
            ipv6++;
        }
        if (connection.vlan) {
            vlan++;
        }
        if (connection.isDocker()) {
            dockerBySource[source(connection)][0]++;
        }
    }

    /** The first byte of a hello was written. */
    void helloBegun() {
        unfinished++;
    }

    /** The last byte of a hello was written. */
    void hello(Connection connection) {
        unfinished--;
        if (connection.named) {
            helloByName[connection.name]++;
            if (connection.isDocker()) {
                dockerBySource[source(connection)][1]++;
            }
        } else {
            unnamed++;
        }
    }

    /** The first byte of an HTTP request was written. */
    void request(Connection connection) {
        requests++;
        if (connection.isDocker()) {
            dockerBySource[source(connection)][2]++;
        }
    }

    long connections() {
        return connections;
    }

    long queries() {
        return queries;
    }

    void query() {
        queries++;
    }

    private static int source(Connection connection) {
        return connection.ipv6 ? Network.HOSTS + connection.host : connection.host;
    }

    String toJson(Wire file) {
        StringBuilder json = new StringBuilder(1 << 16);
        json.append("{\"packets\": ").append(file.packets());
        json.append(", \"bytes\": ").append(file.bytes());
        json.append(",\n \"connections\": ").append(connections);
        json.append(", \"ipv6\": ").append(ipv6).append(", \"vlan\": ").append(vlan);
        json.append(", \"requests\": ").append(requests);
        json.append(", \"dns_queries\": ").append(queries);
        json.append(", \"hellos_without_name\": ").append(unnamed);
        json.append(", \"hellos_unfinished\": ").append(unfinished);
        json.append(",\n \"server_names\": {");
        String separator = "";
        for (int name = 0; name < Network.NAMES; name++) {
            if (helloByName[name] > 0) {
                json.append(separator).append('"').append(network.name(name)).append("\": ");
                json.append(helloByName[name]);
                separator = ", ";
            }
        }
        json.append("},\n \"docker\": ");
        long[] sum = new long[DOCKER_COUNTS.length];
        for (long[] counts : dockerBySource) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += counts[i];
            }
        }
        appendCounts(json, sum);
        json.append(",\n \"docker_sources\": {");
        separator = "";
        for (int source = 0; source < dockerBySource.length; source++) {
            if (dockerBySource[source][0] > 0) {
                json.append(separator).append("\n  \"").append(address(source)).append("\": ");
                appendCounts(json, dockerBySource[source]);
                separator = ",";
            }
        }
        return json.append("}}\n").toString();
    }

    private static void appendCounts(StringBuilder json, long[] counts) {
        for (int i = 0; i < counts.length; i++) {
            json.append(i == 0 ? '{' : ',')
                    .append('"')
                    .append(DOCKER_COUNTS[i])
                    .append("\": ")
                    .append(counts[i]);
        }
        json.append('}');
    }

    private static String address(int source) {
        return source < Network.HOSTS ? Network.clientIpv4Text(source) : Network.clientIpv6Text(source - Network.HOSTS);
    }
}
