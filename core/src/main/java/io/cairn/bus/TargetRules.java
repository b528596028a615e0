package io.cairn.bus;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Where webhooks may be sent: to public addresses, and to hosts that the operator named.
///
/// A tenant chooses the targets, and the server stands where a tenant does not: whatever is only reachable from here,
/// such as this machine, its network or a cloud's metadata, is no target.
///
/// @param named hosts to which the rules do not apply, in small letters
public record TargetRules(Set<String> named) {
    private static final int LAST_SYSTEM_PORT = 1023;
    private static final int TARGET_MAX = 2000;
    private static final Set<Integer> WEB_PORTS = Set.of(80, 443);

    /// What is not the public internet, by the registries of special addresses.
    private static final List<Network> PRIVATE = Network.all(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            // Of IPv6 only 2000::/3 is given out at all; in it these lead elsewhere or hold an IPv4 address.
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "2620:4f:8000::/48",
            "3fff::/20");

    private static final Network GIVEN_OUT = Network.of("2000::/3");

    public TargetRules {
        named = named.stream().map(TargetRules::bare).collect(Collectors.toUnmodifiableSet());
    }

    /// Why a target is none, by how it is written; empty if its addresses decide.
    public Optional<String> refusal(URI target) {
        var host = target.getHost();
        if (host == null || target.toString().length() > TARGET_MAX) {
            return Optional.of(
                    "it is no address such as https://example.com/hook of at most " + TARGET_MAX + " letters");
        }
        if (target.getRawUserInfo() != null || target.getRawFragment() != null) {
            return Optional.of("it has a user, a password or a fragment in it");
        }
        var scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(scheme.equals("http") && isNamed(host))) {
            return Optional.of("it does not begin with https://");
        }
        int port = target.getPort();
        if (port == 0 || port > 0 && port <= LAST_SYSTEM_PORT && !WEB_PORTS.contains(port) && !isNamed(host)) {
            return Optional.of("port %d is not one of the web".formatted(port));
        }
        return Optional.empty();
    }

    /// Why a host is no target, by the addresses that it has; empty if it may be connected to.
    ///
    /// Each must be allowed: which of them is connected to is nobody's choice.
    public Optional<String> refusal(String host, List<InetAddress> addresses) {
        if (isNamed(host)) {
            return Optional.empty();
        }
        if (addresses.isEmpty()) {
            return Optional.of("%s has no address".formatted(host));
        }
        // Java hands out an IPv4 address that is written as one of IPv6 as what it stands for.
        boolean mapped = host.contains(":") && addresses.stream().anyMatch(Inet4Address.class::isInstance);
        return mapped || !addresses.stream().allMatch(TargetRules::isPublic)
                ? Optional.of("%s is not on the public internet".formatted(host))
                : Optional.empty();
    }

    public boolean isNamed(String host) {
        return named.contains(bare(host));
    }

    static boolean isPublic(InetAddress address) {
        return PRIVATE.stream().noneMatch(network -> network.holds(address))
                && (address instanceof Inet4Address || GIVEN_OUT.holds(address));
    }

    private static String bare(String host) {
        var small = host.toLowerCase(Locale.ROOT);
        return small.endsWith(".") ? small.substring(0, small.length() - 1) : small;
    }
}
