package io.cairn.server.wiring;

import io.cairn.adapter.file.DataFolder;
import io.cairn.adapter.onnx.OnnxEmbeddingModel;
import io.cairn.adapter.provider.RemoteEmbeddings;
import io.cairn.adapter.redis.RedisVectors;
import io.cairn.event.StorageException;
import io.cairn.guard.Breaker;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.Gateway;
import io.cairn.model.SharedVectors;
import io.cairn.server.openai.GatewayLimits;
import io.cairn.server.ops.ProviderMeters;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
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
    Providers providers(CairnSettings settings, Clock clock, SecureRandom random, ProviderMeters meters) {
        return new Providers(settings.models().providers(), clock, random, meters);
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
    Gateway gateway(CairnSettings settings, Providers providers, ProviderMeters meters) {
        return new Gateway(
                settings.models().chat().entrySet().stream()
                        .map(chat -> providers.route(chat.getKey(), chat.getValue()))
                        .toList(),
                meters);
    }

    @Bean
    GatewayLimits gatewayLimits(CairnSettings settings) {
        return new GatewayLimits(
                settings.models().streams().limits(),
                settings.models().answer(),
                settings.models().calls(),
                settings.models().memory());
    }

    /// Not opened where a test brings another one, which takes its place.
    @Bean
    @Lazy
    EmbeddingModel embeddingModel(
            CairnSettings settings,
            DataFolder folder,
            EmbeddingMeter meter,
            Providers providers,
            ProviderMeters meters) {
        var remote = settings.models().embedding();
        if (remote == null) {
            var own = settings.embedding();
            return OnnxEmbeddingModel.open(own.model(), DataFiles.natives(folder), own.threadCount(), meter);
        }
        var provider = providers.provider(remote.provider());
        return new RemoteEmbeddings(
                provider.http(),
                provider.guard(),
                remote.settings(provider.settings().embeddingsPath()),
                usage -> meters.used(remote.provider(), usage));
    }
}
