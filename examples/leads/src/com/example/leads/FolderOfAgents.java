package com.example.leads;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Agents whose reservations and introductions are files, each named after its key.
record FolderOfAgents(Path folder) implements Agents {
    private static final List<String> NAMES = List.of("Ines", "Mara", "Tom");

    @Override
    public String reserve(String key, String lead) throws IOException {
        Files.createDirectories(folder);
        var agent = NAMES.get(Math.floorMod(lead.hashCode(), NAMES.size()));
        try {
            Files.createFile(folder.resolve(key + "." + agent));
        } catch (FileAlreadyExistsException again) {
            return agent;
        }
        return agent;
    }

    @Override
    public boolean hasReserved(String key) {
        return NAMES.stream().anyMatch(agent -> Files.exists(folder.resolve(key + "." + agent)));
    }

    @Override
    public void release(String key) throws IOException {
        for (var agent : NAMES) {
            Files.deleteIfExists(folder.resolve(key + "." + agent));
        }
    }

    @Override
    public void introduce(String key, String agent, String classification) throws IOException, NoTimeException {
        if (classification.equals("cold")) {
            throw new NoTimeException(classification);
        }
        Files.writeString(folder.resolve(key + ".introduced"), agent);
    }
}
