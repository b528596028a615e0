package io.cairn.client;

import io.cairn.client.wire.Imported;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The way of a whole log out of a server and into another, as lines of JSON.
public final class Archive {
    private final Transport transport;

    Archive(Transport transport) {
        this.transport = transport;
    }

    /// Begins an export, or takes one up after the line that had this cursor.
    public Export export(@Nullable String after) {
        return new Export(transport, after);
    }

    /// Imports the lines of an export, or of a part of one. They may be sent again: what is there already
    /// is skipped.
    ///
    /// If the lines begin with the export's header, each part goes with it. `answers` hears of each
    /// durable part.
    public void importAll(Iterator<String> lines, Consumer<Imported> answers) {
        new ArchiveImport(transport, answers).run(lines);
    }
}
