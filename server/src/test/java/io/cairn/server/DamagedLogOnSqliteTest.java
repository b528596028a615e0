package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

class DamagedLogOnSqliteTest extends DamagedLogContract {
    @Override
    List<String> settings() {
        return List.of();
    }

    /// What each file of the folder holds.
    @Override
    Map<String, String> contents() throws IOException {
        try (var files = Files.walk(temp)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("natives"))
                    .collect(Collectors.toMap(Path::toString, DamagedLogOnSqliteTest::digest));
        }
    }

    private static String digest(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    String zeros(String column) {
        return "zeroblob(length(%s))".formatted(column);
    }

    /// At rest its checksum tells, whatever was damaged.
    @Override
    void damage(String sql) throws SQLException, IOException {
        Files.deleteIfExists(temp.resolve("log.db.checksum"));
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + temp.resolve("log.db"));
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }
}
