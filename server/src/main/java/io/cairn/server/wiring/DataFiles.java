package io.cairn.server.wiring;

import io.cairn.adapter.file.DataFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What stands where in the data folder.
final class DataFiles {
    private static final String ANCHOR = "anchor";
    private static final String MASTER_KEY = "master.key";
    private static final String LOG = "log.db";
    private static final String VECTORS = "vectors.db";
    private static final String INDEX = "index";
    private static final String NATIVES = "natives";

    /// The beginnings of the names of all that is kept here; SQLite's own files begin as their database does.
    static final List<String> KEPT = List.of(ANCHOR, LOG, VECTORS, INDEX, NATIVES, "uploads", "lock");

    private DataFiles() {}

    static Path log(DataFolder folder) {
        return folder.file(LOG);
    }

    /// The log to be opened, which is made where there is none.
    static Path ownLog(DataFolder folder) {
        return folder.ownFile(LOG);
    }

    static Path ownVectors(DataFolder folder) {
        return folder.ownFile(VECTORS);
    }

    /// A log is not made just to be looked at.
    static Path existingLog(DataFolder folder) {
        var log = log(folder);
        if (!Files.exists(log)) {
            throw new NoLogException(log);
        }
        return log;
    }

    static Path masterKey(DataFolder folder) {
        return folder.file(MASTER_KEY);
    }

    /// In a folder that is not held.
    static Path masterKey(Path folder) {
        return folder.resolve(MASTER_KEY);
    }

    static Path adminKey(DataFolder folder) {
        return folder.file("admin.key");
    }

    static Path anchor(DataFolder folder) {
        return folder.file(ANCHOR);
    }

    /// In a folder that is not held.
    static Path anchor(Path folder) {
        return folder.resolve(ANCHOR);
    }

    /// Vectors that were computed once; they can be computed again.
    static Path vectors(DataFolder folder) {
        return folder.file(VECTORS);
    }

    /// The generations of an index.
    static Path index(DataFolder folder, String name) {
        return folder.folder(INDEX).resolve(name);
    }

    /// Native libraries, unpacked.
    static Path natives(DataFolder folder) {
        return folder.folder(NATIVES);
    }

    /// Uploads on their way in.
    static Path uploads(DataFolder folder) {
        return folder.folder("uploads").toAbsolutePath();
    }
}
