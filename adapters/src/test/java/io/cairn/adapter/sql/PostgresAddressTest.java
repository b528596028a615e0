package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/// How a server is reached, and which ways to it are refused.
class PostgresAddressTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    Path folder;

    @Test
    void aServerElsewhereIsVerifiedUnlessToldOtherwise() {
        assertThat(source("jdbc:postgresql://db.example.org/cairn").getSslMode())
                .isEqualTo("verify-full");
        assertThat(source("jdbc:postgresql://127.0.0.1,db.example.org/cairn").getSslMode())
                .isEqualTo("verify-full");
        assertThat(source("jdbc:postgresql://localhost/cairn").getSslMode()).isNull();
        assertThat(source("jdbc:postgresql://[::1]/cairn").getSslMode()).isNull();
    }

    @Test
    void plaintextToAServerElsewhereIsRefusedUnlessAllowedByName() {
        var url = "jdbc:postgresql://db.example.org/cairn?sslmode=disable";

        assertThatThrownBy(() -> source(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("would talk to db.example.org in the clear");
        assertThatThrownBy(() -> address(url.replace("disable", "prefer"), Set.of("other.example.org"), null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(address(url, Set.of("db.example.org"), null).source().getSslMode())
                .isEqualTo("disable");
    }

    @Test
    void tlsThatVerifiesNobodyIsRefusedToAServerElsewhereUnlessAllowedByName() {
        for (var parameters : Set.of(
                "sslmode=require",
                "sslmode=verify-ca",
                "sslfactory=org.postgresql.ssl.NonValidatingFactory",
                "sslmode=verify-full&sslfactory=org.postgresql.ssl.NonValidatingFactory")) {
            var url = "jdbc:postgresql://db.example.org/cairn?" + parameters;
            assertThatThrownBy(() -> source(url))
                    .as(parameters)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("db.example.org")
                    .hasMessageContaining("plaintext-hosts");
            address(url, Set.of("db.example.org"), null);
            source(url.replace("db.example.org", "127.0.0.1"));
        }
        address("jdbc:postgresql://db.example.org/cairn?sslmode=verify-ca", Set.of(), certificate());
    }

    @Test
    void aServerThatItsAuthorityVouchesForIsTrusted() {
        open(verified("localhost"), certificate());
    }

    @Test
    void aServerUnderAnotherNameIsRefused() {
        assertThatThrownBy(() -> open(verified("127.0.0.1"), certificate()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("could not be verified");
    }

    /// The JVM's own authorities are asked where no certificate is named, and they do not know ours.
    @Test
    void aServerThatNobodyVouchesForIsRefused() {
        var url = verified("localhost") + "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory";

        assertThatThrownBy(() -> open(url, null))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("unable to find valid certification path");
    }

    @Test
    void aPasswordFileIsReadAgainForEachConnection() throws IOException {
        var file = Files.writeString(folder.resolve("password"), "wrong\n");
        var settings = new PostgresSettings(
                DATABASE.url(),
                DATABASE.server().user(),
                null,
                file,
                null,
                Set.of(),
                8,
                PostgresSettings.Pool.defaults(),
                PostgresSettings.Waits.defaults());
        assertThatThrownBy(() -> PostgresLogStorage.open(settings))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("password authentication failed");

        Files.writeString(file, DATABASE.server().password() + "\n");

        PostgresLogStorage.open(settings).close();
    }

    @Test
    void settingsNeverShowAPassword() {
        var settings = PostgresSettings.of("jdbc:postgresql://h/d?password=hunter2", "u", "hunter3");

        assertThat(settings.toString()).doesNotContain("hunter").contains("jdbc:postgresql://h/d");
    }

    private static Path certificate() {
        return DATABASE.server()
                .certificate()
                .orElseGet(() -> Assumptions.abort("this server's certificate is not known"));
    }

    private static String verified(String host) {
        return DATABASE.url().replaceFirst("//[^:/]+", "//" + host).replaceFirst("[?].*|$", "?sslmode=verify-full");
    }

    private static void open(String url, @Nullable Path certificate) {
        PostgresLogStorage.open(new PostgresSettings(
                        url,
                        DATABASE.server().user(),
                        DATABASE.server().password(),
                        null,
                        certificate,
                        Set.of(),
                        8,
                        PostgresSettings.Pool.defaults(),
                        PostgresSettings.Waits.defaults()))
                .close();
    }

    private static PGSimpleDataSource source(String url) {
        return address(url, Set.of(), null).source();
    }

    private static PostgresAddress address(String url, Set<String> plaintext, @Nullable Path certificate) {
        return PostgresAddress.of(new PostgresSettings(
                url,
                "u",
                "p",
                null,
                certificate,
                plaintext,
                8,
                PostgresSettings.Pool.defaults(),
                PostgresSettings.Waits.defaults()));
    }
}
