package io.cairn.server.http;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.util.Optional;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/// The connections of clients, to see whether one is still there while its request is worked on.
public final class Connections {
    private volatile @Nullable FairProtocol protocol;

    void of(FairProtocol serving) {
        protocol = serving;
    }

    /// The client of a request.
    public Client client(ServletRequest request) {
        var serving = protocol;
        return new Client(
                serving == null
                        ? Optional.empty()
                        : serving.connection(request.getRemoteAddr(), request.getRemotePort()));
    }

    /// A client that waits for its answer. To be asked by the request's own thread, once its body was read.
    public static final class Client {
        private final Optional<SocketWrapperBase<?>> connection;

        private Client(Optional<SocketWrapperBase<?>> connection) {
            this.connection = connection;
        }

        /// Whether it has closed its side. What it sends ahead is kept for the next request.
        public boolean isGone() {
            try {
                return connection.isPresent()
                        && !connection.get().isReadyForRead()
                        && connection.get().isClosed();
            } catch (IOException closed) {
                return true;
            }
        }
    }
}
