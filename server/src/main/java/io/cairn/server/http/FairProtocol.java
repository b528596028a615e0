package io.cairn.server.http;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketWrapperBase;

/// HTTP over connections of which none keeps the last places: when they run short, those that wait for a request are
/// closed, longest silence first, of the address that has most.
///
/// So one address with thousands of silent connections leaves a way in to everybody else, and to the probes of health.
/// Tomcat makes it by its name, so it is public and has no parameters.
public final class FairProtocol extends Http11NioProtocol {
    public FairProtocol() {
        super(new Endpoint());
    }

    /// The connection of a client.
    Optional<SocketWrapperBase<?>> connection(String address, int port) {
        return ((Endpoint) getEndpoint()).connection(address, port);
    }

    private static final class Endpoint extends NioEndpoint {
        /// Closed together, so that a crowd is not counted anew for each one that comes.
        private static final int CLOSED_AT_ONCE = 32;

        /// Looks through them where they are: each call of a model asks, and there may be thousands.
        Optional<SocketWrapperBase<?>> connection(String address, int port) {
            for (var connection : connections.values()) {
                if (connection.getRemotePort() == port && address.equals(connection.getRemoteAddr())) {
                    return Optional.of(connection);
                }
            }
            return Optional.empty();
        }

        @Override
        protected boolean setSocketOptions(SocketChannel socket) {
            boolean taken = super.setSocketOptions(socket);
            if (isCrowded()) {
                silentOfTheBusiest(socket).forEach(SocketWrapperBase::close);
            }
            return taken;
        }

        private boolean isCrowded() {
            int max = getMaxConnections();
            return max > 0 && getConnectionCount() > max - Math.max(1, max / 4);
        }

        /// @param newest has had no time to say anything
        private List<NioSocketWrapper> silentOfTheBusiest(SocketChannel newest) {
            var silent = getConnections().stream()
                    .map(NioSocketWrapper.class::cast)
                    .filter(connection -> isSilent(connection)
                            && !newest.equals(connection.getSocket().getIOChannel()))
                    .toList();
            var addresses = silent.stream().collect(groupingBy(SocketWrapperBase::getRemoteAddr, counting()));
            return addresses.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .map(busiest -> silent.stream()
                            .filter(connection -> busiest.getKey().equals(connection.getRemoteAddr()))
                            .sorted(Comparator.comparingLong(NioSocketWrapper::getLastRead))
                            .limit(Math.min(CLOSED_AT_ONCE, Math.max(1, getMaxConnections() / 8)))
                            .toList())
                    .orElse(List.of());
        }

        /// Whether nothing is done for the connection until its client sends something.
        private static boolean isSilent(NioSocketWrapper connection) {
            return (connection.interestOps() & SelectionKey.OP_READ) != 0;
        }
    }
}
