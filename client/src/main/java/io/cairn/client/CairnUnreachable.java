package io.cairn.client;

import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/// Nobody answered, or the connection ended before the answer did.
///
/// What was sent may have been done all the same, unless [#nothingWasSent()].
public final class CairnUnreachable extends CairnException {
    private static final long serialVersionUID = 1;

    CairnUnreachable(String message, Throwable cause) {
        super(message, cause);
    }

    static CairnUnreachable at(String server, Exception cause) {
        String happened =
                neverConnected(cause) ? "No Cairn answers at " + server : "The connection to " + server + " broke";
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new CairnUnreachable(happened + " (" + reason + ").", cause);
    }

    /// Whether the call cannot have reached a server.
    public boolean nothingWasSent() {
        return neverConnected(getCause());
    }

    static boolean neverConnected(@Nullable Throwable cause) {
        return cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof UnresolvedAddressException;
    }
}
