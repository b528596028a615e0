package io.cairn.server.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// One server with its indexes on its own disk.
class RefreshKillTest extends RefreshKillContract {
    @Override
    Nodes start(Path folder, List<String> settings) throws IOException {
        var node = CairnProcess.start(folder.resolve("data"), settings.toArray(String[]::new));
        return new Nodes() {
            @Override
            public List<CairnProcess> all() {
                return List.of(node);
            }

            @Override
            public void close() throws InterruptedException {
                node.stop();
            }
        };
    }
}
