package io.cairn.projection;

/// A newer version of a shared projection has taken over, so a node with a former version can no longer change it.
public final class OutdatedVersionException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    OutdatedVersionException(String projection, int own, int current) {
        super("Version %d of projection %s has taken over; this node has version %d"
                .formatted(current, projection, own));
    }
}
