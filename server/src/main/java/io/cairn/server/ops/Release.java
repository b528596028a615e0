package io.cairn.server.ops;

import java.util.Objects;

/// Which release of Cairn is running.
public final class Release {
    private Release() {}

    /// As the jar's manifest says it.
    public static String version() {
        return Objects.requireNonNullElse(Release.class.getPackage().getImplementationVersion(), "development");
    }
}
