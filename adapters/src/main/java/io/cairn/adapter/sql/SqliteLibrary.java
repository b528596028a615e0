package io.cairn.adapter.sql;

import java.nio.file.Path;

/// The native library of SQLite, which its driver unpacks before it loads it.
public final class SqliteLibrary {
    private static final String FOLDER = "org.sqlite.tmpdir";

    private SqliteLibrary() {}

    /// Has it unpacked in this folder and not among the machine's temporary files, which others may write and from
    /// which code may not be loaded everywhere. It is loaded once in a process, so that the first folder
    /// counts.
    public static void unpackIn(Path folder) {
        if (System.getProperty(FOLDER) == null) {
            System.setProperty(FOLDER, folder.toAbsolutePath().toString());
        }
    }
}
