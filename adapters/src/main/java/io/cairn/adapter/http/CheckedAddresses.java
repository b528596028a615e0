package io.cairn.adapter.http;

import io.cairn.bus.TargetRules;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;

/// The addresses of hosts, checked each time that they are asked for: right before a connection is made to them.
final class CheckedAddresses implements DnsResolver {
    private final TargetRules rules;
    private final HttpSender.Names names;

    CheckedAddresses(TargetRules rules, HttpSender.Names names) {
        this.rules = rules;
        this.names = names;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        var found = names.find(host);
        var refused = rules.refusal(host, List.of(found));
        if (refused.isPresent()) {
            throw new NotPublicException(refused.get());
        }
        return found;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
