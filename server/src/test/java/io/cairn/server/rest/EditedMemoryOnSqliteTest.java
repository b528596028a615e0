package io.cairn.server.rest;

import java.util.List;

class EditedMemoryOnSqliteTest extends EditedMemoryContract {
    @Override
    List<String> settings() {
        return List.of();
    }
}
