package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How the statements of an operation are counted and told.
class StatementsTest {
    private final List<String> numbered = new ArrayList<>();
    private final List<String> excess = new ArrayList<>();

    @Test
    void tenStatementsForEachItemAreNotTooMany() {
        try (var operation = operation(2)) {
            send(operation, 20, "SELECT 1");
        }
        assertThat(excess).isEmpty();
    }

    @Test
    void moreAreToldWithTheirCountsMostFirst() {
        try (var operation = operation(1)) {
            send(operation, 1, "SELECT a");
            send(operation, 12, "SELECT b");
        }
        assertThat(excess)
                .containsExactly("POST /v1/recall sent 13 statements where 10 are many: 12 × SELECT b; 1 × SELECT a");
    }

    @Test
    void eachIsNumberedAndCutAfterAHundredCharacters() {
        try (var operation = operation(1)) {
            send(operation, 1, "SELECT a\n  FROM b");
            send(operation, 1, "SELECT " + "x".repeat(200));
        }
        assertThat(numbered)
                .containsExactly(
                        "Statement 1 of POST /v1/recall: SELECT a FROM b",
                        "Statement 2 of POST /v1/recall: SELECT " + "x".repeat(93));
    }

    @Test
    void aSessionThatJoinsAnOperationDoesNotEndIt() {
        try (var operation = operation(1)) {
            send(operation, 6, "SELECT a");
            try (var joined = operation.joined()) {
                send(joined, 6, "SELECT b");
            }
            assertThat(excess).isEmpty();
        }
        assertThat(excess).hasSize(1);
    }

    private OperationStatements operation(int items) {
        return new OperationStatements(() -> "POST /v1/recall", items, numbered::add, excess::add);
    }

    private static void send(Counting operation, int count, String sql) {
        for (int i = 0; i < count; i++) {
            operation.sent(sql);
        }
    }
}
