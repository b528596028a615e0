package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.StorageException.Kind;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who has to act when PostgreSQL refuses, by its codes. Those that can be brought about are in [PostgresFaultsTest].
class PostgresDialectTest {
    @ParameterizedTest
    @CsvSource({
        "XX001, DAMAGED", // data_corrupted, such as a page whose checksum does not hold
        "XX002, DAMAGED", // index_corrupted
        "53100, FULL", // disk_full
        "53300, BUSY", // too_many_connections
        "57P01, BUSY", // admin_shutdown
        "08006, BUSY", // connection_failure
        "40P01, BUSY", // deadlock_detected
        "XX000, BROKEN", // internal_error
        "42P01, BROKEN" // undefined_table
    })
    void aCodeTellsWhoHasToAct(String code, Kind kind) {
        var failed = PostgresDialect.INSTANCE.failed("read", new SQLException("as the server said", code));

        assertThat(failed.kind()).isEqualTo(kind);
        assertThat(failed).hasMessage("PostgreSQL could not read: as the server said");
    }

    @Test
    void aCommitThatFindsDamageDidNotHappen() {
        assertThat(PostgresDialect.INSTANCE
                        .failedToCommit(new SQLException("invalid page", "XX001"))
                        .kind())
                .isEqualTo(Kind.DAMAGED);
    }

    @Test
    void aCommitWhoseConnectionBreaksMayHaveHappened() {
        assertThat(PostgresDialect.INSTANCE
                        .failedToCommit(new SQLException("gone", "08006"))
                        .kind())
                .isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void aFailureWithoutACodeIsTheOperators() {
        assertThat(PostgresDialect.INSTANCE
                        .failed("read", new SQLException("?"))
                        .kind())
                .isEqualTo(Kind.BROKEN);
    }
}
