package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Lets a test fail in which an operation sent too many statements to a watched store. JUnit finds it by itself, here
/// and wherever these tests are on the class path.
public final class StatementBudget implements BeforeAllCallback, AfterEachCallback {
    private static final Queue<String> TOLD = new ConcurrentLinkedQueue<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        Statements.tell(TOLD::add);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        var told = TOLD.stream().toList();
        TOLD.clear();
        assertThat(told)
                .as("operations that sent more statements than they should (docs/decisions/0013)")
                .isEmpty();
    }
}
