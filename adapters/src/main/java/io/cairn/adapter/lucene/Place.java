package io.cairn.adapter.lucene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// The name of an index folder, which belongs to one node and gets its name when it is first used.
///
/// @param isNew whether it got its name just now, so that nothing which others keep under it is known
record Place(String name, boolean isNew) {
    static Place in(Path folder) throws IOException {
        var file = folder.resolve("place");
        var found = Files.exists(file) ? Files.readString(file, ISO_8859_1).strip() : "";
        if (isName(found)) {
            return new Place(found, false);
        }
        var made = UUID.randomUUID().toString();
        GenerationsFile.replace(file, made);
        return new Place(made, true);
    }

    private static boolean isName(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
