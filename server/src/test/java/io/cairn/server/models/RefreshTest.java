package io.cairn.server.models;

import java.util.List;

class RefreshTest extends RefreshContract {
    @Override
    List<String> store() {
        return List.of();
    }
}
