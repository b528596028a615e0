package io.cairn.server.wiring;

import io.cairn.event.EventLog;
import io.cairn.guard.Loop;
import io.cairn.lease.Leases;
import io.cairn.model.EmbeddingSpaces;
import io.cairn.passage.Source;
import io.cairn.projection.RunningIndex;
import io.cairn.recall.DenseIndex;
import io.cairn.recall.HybridRecall;
import io.cairn.recall.LexicalIndex;
import io.cairn.recall.RecallSettings;
import io.cairn.refresh.ModelRefresh;
import io.cairn.refresh.QuerySample;
import io.cairn.refresh.RefreshLoop;
import io.cairn.refresh.SpendingCount;
import io.cairn.server.ops.RefreshCron;
import io.cairn.server.ops.RefreshGauges;
import io.cairn.text.LanguageDetector;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Changing the embedding model while the server runs.
@Configuration(proxyBeanMethods = false)
class RefreshWiring {
    @Bean
    QuerySample askedQueries(CairnSettings settings) {
        return new QuerySample(settings.models().refresh().sample());
    }

    @Bean
    SpendingCount spendingCount() {
        return new SpendingCount();
    }

    @Bean
    ModelRefresh refreshes(EventLog log, RunningIndex<DenseIndex> dense, EmbeddingSpaces spaces, Clock clock) {
        return new ModelRefresh(log, dense, spaces, clock);
    }

    @Bean
    Loop refresher(
            EventLog log,
            Leases leases,
            RunningIndex<LexicalIndex> lexical,
            RunningIndex<DenseIndex> dense,
            EmbeddingSpaces spaces,
            List<Source> sources,
            LanguageDetector detector,
            RecallSettings recall,
            QuerySample asked,
            CairnSettings settings,
            SpendingCount spending,
            SecureRandom random,
            Clock clock) {
        return new RefreshLoop(
                        log,
                        leases,
                        dense,
                        spaces,
                        sources,
                        index -> new HybridRecall(log, sources, lexical, () -> index, detector, recall),
                        asked,
                        settings.models().refreshTo(spaces.wanted().space().model()),
                        spending,
                        random,
                        System::nanoTime,
                        clock)
                .start();
    }

    @Bean
    @ConditionalOnExpression("!'${cairn.models.refresh.cron:}'.equals('-')")
    Loop refreshCron(ModelRefresh refreshes, CairnSettings settings, Clock clock) {
        var refresh = settings.models().refresh();
        return new RefreshCron(refreshes, refresh.expression(), refresh.zone(), clock).start();
    }

    @Bean
    RefreshGauges refreshGauges(MeterRegistry meters, ModelRefresh refreshes) {
        return new RefreshGauges(meters, refreshes, System::nanoTime);
    }
}
