package io.cairn.server.rest;

import io.cairn.client.wire.DocumentResult;
import io.cairn.client.wire.DocumentStatus;
import io.cairn.client.wire.NewDocument;
import io.cairn.event.EventLog;
import io.cairn.knowledge.DocumentId;
import io.cairn.server.wire.DocumentIntake;
import io.cairn.tenant.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Many documents in one request: several at a time, yet those of one id one after the other.
@Component
final class DocumentBatches {
    /// Of documents that are taken in at the same time.
    private static final long LETTERS_UNDER_WAY_MAX = 4L << 20;

    private final DocumentIntake intake;
    private final EventLog log;
    private final MeterRegistry meters;

    DocumentBatches(DocumentIntake intake, EventLog log, MeterRegistry meters) {
        this.intake = intake;
        this.log = log;
        this.meters = meters;
    }

    /// @param results are told in the order of the documents
    Run begin(Context context, Consumer<DocumentResult> results) {
        return new Run(context, results);
    }

    /// One request's documents.
    final class Run implements AutoCloseable {
        private final Context context;
        private final InOrder<DocumentResult> work;
        private final Timer.Sample started = Timer.start(meters);
        private final Set<String> underWay = new HashSet<>();
        private long lettersUnderWay;
        private int rejected;

        Run(Context context, Consumer<DocumentResult> results) {
            this.context = context;
            this.work = new InOrder<>(result -> {
                rejected += result.status().equals(DocumentStatus.REJECTED) ? 1 : 0;
                results.accept(result);
            });
        }

        void add(int index, @Nullable DocumentId made, @Nullable NewDocument document) {
            var id = document == null ? null : document.id();
            lettersUnderWay += letters(document);
            if ((id != null && underWay.contains(id)) || lettersUnderWay > LETTERS_UNDER_WAY_MAX) {
                work.finish();
                underWay.clear();
                lettersUnderWay = letters(document);
            }
            if (id != null) {
                underWay.add(id);
            }
            work.add(() -> log.<DocumentResult, RuntimeException>operation(
                    () -> "a document of a batch", 1, () -> intake.one(context, index, made, document)));
        }

        private static long letters(@Nullable NewDocument document) {
            var content = document == null ? null : document.content();
            return content == null ? 0 : content.length();
        }

        /// A result that is known without work.
        void add(DocumentResult result) {
            work.add(() -> result);
        }

        void finish() {
            work.finish();
        }

        int rejected() {
            return rejected;
        }

        @Override
        public void close() {
            work.close();
            started.stop(meters.timer("batch.processing.duration", "kind", "documents"));
        }
    }
}
