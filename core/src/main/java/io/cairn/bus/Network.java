package io.cairn.bus;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/// The addresses that begin with the same bits.
record Network(byte[] prefix, int bits) {
    static Network of(String text) {
        var parts = text.split("/");
        return new Network(InetAddress.ofLiteral(parts[0]).getAddress(), Integer.parseInt(parts[1]));
    }

    static List<Network> all(String... texts) {
        return Stream.of(texts).map(Network::of).toList();
    }

    boolean holds(InetAddress address) {
        var found = address.getAddress();
        if (found.length != prefix.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((found[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
