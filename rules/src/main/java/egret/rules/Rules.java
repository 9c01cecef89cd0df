// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is watched and when to raise an alert: the endpoints and the thresholds, in the order of the file. Immutable. */
public final class Rules {
    private final List<Endpoint> endpoints;
    private final List<Threshold> thresholds;
    private final NameIndex names;
    private final AddressIndex addresses;

    Rules(List<Endpoint> endpoints, List<Threshold> thresholds) {
        this.endpoints = List.copyOf(endpoints);
        this.thresholds = List.copyOf(thresholds);
        names = new NameIndex(this.endpoints);
        addresses = new AddressIndex(this.endpoints);
    }

    /** The rules that come with Egret. */
    public static Rules builtin() {
        return RulesFile.builtin();
    }

    /**
     * The rules in a YAML file, on top of the built-in ones unless it says {@code builtin: false}.
     *
     * @throws RulesException with all that is wrong in it
     * @throws IOException if it cannot be read
     */
    public static Rules read(Path file) throws RulesException, IOException {
        return RulesFile.read(file);
    }

    /** As {@link #read}, of a text; {@code file} names it in problems. */
    public static Rules parse(String file, String text) throws RulesException {
        return RulesFile.parse(file, text);
    }

    public List<Endpoint> endpoints() {
        return endpoints;
    }

    public List<Threshold> thresholds() {
        return thresholds;
    }

    /** The endpoint of a name in rules, null if there is none. */
    public @Nullable Endpoint endpoint(String name) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.name().equals(name)) {
                return endpoint;
            }
        }
        return null;
    }

    /** The endpoint that a server name belongs to, null if it is not watched; a name in lower case. */
    public @Nullable Endpoint endpointForName(String lowerCaseName) {
        Match match = matchName(lowerCaseName);
        return match == null ? null : match.endpoint();
    }

    /** As {@link #endpointForName}, with the role of the name. */
    public @Nullable Match matchName(String lowerCaseName) {
        return names.find(lowerCaseName);
    }

    /** The endpoint of the longest block that holds the address, if it watches the port; null if there is none. */
    public @Nullable Endpoint endpointForAddress(IpAddress address, int port) {
        return addresses.find(address, port);
    }

    /** As {@link Endpoint#counted}, of an endpoint that may be known to others only. */
    public IpAddress counted(String endpoint, Measure measure, IpAddress address) {
        Endpoint known = endpoint(endpoint);
        return known == null ? Limit.counted(address, Limit.DEFAULT_IPV6_PREFIX) : known.counted(measure, address);
    }

    /** These rules as a YAML file of their own, which reads back as equal rules. */
    public String toYaml() {
        return RulesText.of(this);
    }
}
