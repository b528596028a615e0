package io.cairn.server.wiring;

import io.cairn.adapter.file.DataFolder;
import io.cairn.adapter.onnx.OnnxEmbeddingModel;
import io.cairn.adapter.onnx.OnnxModel;
import io.cairn.adapter.redis.RedisVectors;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.StorageException;
import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import io.cairn.ledger.Ledger;
import io.cairn.ledger.LedgerReport;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.EmbeddingSpaces;
import io.cairn.model.Embeddings;
import io.cairn.model.Gateway;
import io.cairn.model.Replies;
import io.cairn.model.SharedVectors;
import io.cairn.model.Spending;
import io.cairn.model.VectorStore;
import io.cairn.refresh.SpendingCount;
import io.cairn.seal.MasterKey;
import io.cairn.server.openai.GatewayLimits;
import io.cairn.server.openai.MemoryDefaults;
import io.cairn.server.ops.LedgerMeters;
import io.cairn.server.ops.ProviderMeters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/// The models: the one in the process, and those of providers.
@Configuration(proxyBeanMethods = false)
class ModelsWiring {
    @Bean
    ProviderMeters providerMeters(MeterRegistry meters) {
        return new ProviderMeters(meters);
    }

    @Bean
    Providers providers(
            CairnSettings settings, ProviderKeys keys, Clock clock, SecureRandom random, ProviderMeters meters) {
        return new Providers(settings.models().providers(), keys::of, clock, random, meters);
    }

    @Bean
    ProviderKeys providerKeys(CairnSettings settings) {
        return new ProviderKeys(settings.models().keyFolder(), settings.secretsManager());
    }

    @Bean
    @ConditionalOnProperty("cairn.models.redis.url")
    Breaker redisBreaker(CairnSettings settings) {
        var redis = Objects.requireNonNull(settings.models().redis());
        return new Breaker("redis", StorageException.FAILURES, redis.breaker(), System::nanoTime);
    }

    @Bean
    @ConditionalOnProperty("cairn.models.redis.url")
    SharedVectors sharedVectors(CairnSettings settings, Breaker redisBreaker, SecureRandom random) {
        var redis = Objects.requireNonNull(settings.models().redis());
        return new RedisVectors(redis.settings(), redisBreaker, random);
    }

    @Bean
    Gateway gateway(CairnSettings settings, Providers providers, ProviderMeters meters, Ledger ledger) {
        return new Gateway(
                settings.models().chat().entrySet().stream()
                        .map(chat -> providers.route(chat.getKey(), chat.getValue()))
                        .toList(),
                meters,
                ledger,
                settings.models().outputTokens());
    }

    @Bean
    Ledger ledger(
            EventLog log,
            CairnSettings settings,
            Ids ids,
            Clock clock,
            MeterRegistry meters,
            @Qualifier("quickRetry") Retry quickRetry) {
        var terms = settings.models().terms();
        var ledgerMeters = new LedgerMeters(meters, terms, System::nanoTime);
        var ledger = new Ledger(log, "node-" + ids.next(), terms, clock, System::nanoTime, ledgerMeters, quickRetry);
        ledgerMeters.watch(ledger.report());
        Stream.of(settings.models().embedding(), settings.models().formerEmbedding())
                .filter(Objects::nonNull)
                .forEach(model -> ledgerMeters.saved(model.model(), 0));
        return ledger.start();
    }

    @Bean
    Replies replies(CairnSettings settings, MeterRegistry meters) {
        var replies = new Replies(settings.models().replies().limits(), System::nanoTime);
        Gauge.builder("model.replies", replies, Replies::count).register(meters);
        return replies;
    }

    @Bean
    LedgerReport ledgerReport(Ledger ledger) {
        return ledger.report();
    }

    @Bean
    GatewayLimits gatewayLimits(CairnSettings settings) {
        return new GatewayLimits(
                settings.models().streams().limits(),
                settings.models().answer(),
                settings.models().calls(),
                new MemoryDefaults(
                        settings.models().memory(), settings.security().memory()));
    }

    /// Not opened where a test brings another one, which takes its place.
    @Bean
    @Lazy
    EmbeddingModel embeddingModel(
            CairnSettings settings, DataFolder folder, EmbeddingMeter meter, RemoteModels remoteModels) {
        var remote = settings.models().embedding();
        return remote == null
                ? local(settings.embedding().model(), settings, folder, meter)
                : remoteModels.open(remote);
    }

    @Bean
    RemoteModels remoteModels(
            CairnSettings settings, Providers providers, ProviderMeters meters, EmbeddingMeter meter) {
        Stream.of(settings.models().embedding(), settings.models().formerEmbedding())
                .filter(Objects::nonNull)
                .forEach(model ->
                        model.fallbacks().forEach(other -> meter.fellBack(model.provider(), other.provider(), 0)));
        return new RemoteModels(providers, meters, meter, settings.embedding().calls());
    }

    private static EmbeddingModel local(
            OnnxModel model, CairnSettings settings, DataFolder folder, EmbeddingMeter meter) {
        return OnnxEmbeddingModel.open(
                model, DataFiles.natives(folder), settings.embedding().threadCount(), meter);
    }

    /// Model and store close by themselves. The counts of what is to stay 0 are there from the start.
    @Bean(destroyMethod = "")
    Embeddings embeddings(EmbeddingModel model, EmbeddingMeter meter, EmbeddingsOf embeddings) {
        meter.cut(model.provider(), 0);
        meter.refused(model.provider(), 0);
        return embeddings.model(model);
    }

    @Bean
    EmbeddingsOf embeddingsOf(
            ObjectProvider<SharedVectors> shared,
            VectorStore store,
            MasterKey master,
            EmbeddingMeter meter,
            CairnSettings settings,
            SecureRandom random,
            Ledger ledger,
            SpendingCount spending) {
        var providers = settings.models().providers();
        return model -> new Embeddings(
                model,
                Optional.ofNullable(shared.getIfAvailable()),
                store,
                master::fingerprintKey,
                meter,
                settings.embedding().calls(),
                settings.store().postgres().map(several -> random),
                spending.of(providers.containsKey(model.provider()) ? ledger : Spending.free()));
    }

    /// Any model by which an index may have been made and that can still be run: the one that the configuration names
    /// as the former one, the one of files, and the one that comes with Cairn.
    @Bean
    EmbeddingSpaces embeddingSpaces(
            Embeddings wanted,
            EmbeddingsOf embeddings,
            CairnSettings settings,
            DataFolder folder,
            EmbeddingMeter meter,
            RemoteModels remoteModels,
            ObjectProvider<EmbeddingSpaces.Other> declared) {
        var others = new ArrayList<>(declared.orderedStream().toList());
        var former = settings.models().formerEmbedding();
        if (former != null) {
            others.add(new EmbeddingSpaces.Other(former.model(), () -> embeddings.model(remoteModels.open(former))));
        }
        Stream.of(settings.embedding().model(), OnnxModel.bgeSmallEnglish())
                .distinct()
                .filter(model -> !model.name().equals(wanted.space().model()))
                .map(model -> new EmbeddingSpaces.Other(
                        model.name(), () -> embeddings.model(local(model, settings, folder, meter))))
                .forEach(others::add);
        return new EmbeddingSpaces(
                wanted, others, Optional.ofNullable(settings.embedding().replaces()));
    }
}
