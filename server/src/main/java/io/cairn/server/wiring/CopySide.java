package io.cairn.server.wiring;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a copy comes from or goes to: a data folder, or a PostgreSQL database, which is reached as the settings say
/// unless something else is said here.
///
/// @param place a folder, or a `jdbc:postgresql:` URL
public record CopySide(
        String place,
        @Nullable String user,
        @Nullable Path passwordFile,
        @Nullable Path rootCertificate,
        @Nullable Integer partitions) {
    public CopySide {
        boolean folder = !place.startsWith("jdbc:");
        if (folder && (user != null || passwordFile != null || rootCertificate != null || partitions != null)) {
            throw new IllegalArgumentException(
                    "'%s' is a data folder, which needs no user, password, certificate or partitions".formatted(place));
        }
    }

    boolean isFolder() {
        return !place.startsWith("jdbc:");
    }
}
