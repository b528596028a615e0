package io.cairn.server.wiring;

import io.cairn.adapter.provider.AnthropicChat;
import io.cairn.adapter.provider.OllamaChat;
import io.cairn.adapter.provider.OpenAiChat;
import io.cairn.adapter.provider.ProviderHttp;
import io.cairn.adapter.provider.ProviderKey;
import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import io.cairn.model.ChatModel;
import io.cairn.model.Gateway;
import io.cairn.model.ModelFailures;
import io.cairn.model.ProviderGuard;
import io.cairn.model.RateLimits;
import io.cairn.server.ops.ProviderMeters;
import io.cairn.server.wiring.ModelsSettings.ProviderSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/// The providers that are configured, each with its connections and its guard.
final class Providers implements AutoCloseable {
    private static final double JITTER = 0.25;

    /// A provider that can be asked.
    record Opened(ProviderSettings settings, ProviderHttp http, ProviderGuard guard) {}

    private record ModelAt(String provider, String model) {}

    private final Map<String, Opened> byName = new HashMap<>();
    private final Map<ModelAt, ProviderGuard> guards = new ConcurrentHashMap<>();
    private final ProviderMeters meters;
    private final InstantSource clock;

    Providers(
            Map<String, ProviderSettings> settings,
            BiFunction<String, ProviderSettings, ProviderKey> keys,
            InstantSource clock,
            RandomGenerator random,
            ProviderMeters meters) {
        this.clock = clock;
        this.meters = meters;
        settings.forEach((name, provider) -> {
            var failures = new ModelFailures(name);
            var breaker = new Breaker("provider '%s'".formatted(name), failures, provider.breaker(), System::nanoTime);
            var retry = new Retry(
                    failures,
                    provider.retry(),
                    System::nanoTime,
                    wait -> Thread.sleep(jittered(wait, random)),
                    () -> meters.triedAgain(name));
            var guard = new ProviderGuard(name, breaker, retry, provider.callsMax());
            meters.watch(name, guard);
            var http = new ProviderHttp(provider.provider(name, keys.apply(name, provider)), clock);
            byName.put(name, new Opened(provider, http, guard));
        });
    }

    /// Never shorter, since the provider may have asked for the wait.
    private static Duration jittered(Duration wait, RandomGenerator random) {
        return wait.plusNanos((long) (wait.toNanos() * JITTER * random.nextDouble()));
    }

    Opened provider(String name) {
        return Objects.requireNonNull(byName.get(name), name);
    }

    /// What stands before one model of a provider, for whatever it is asked.
    ///
    /// @param model its name at the provider
    ProviderGuard guard(String provider, String model) {
        return guards.computeIfAbsent(new ModelAt(provider, model), at -> {
            var limits = new Breaker(
                    "model '%s' of provider '%s'".formatted(model, provider),
                    new RateLimits(provider, model),
                    provider(provider).settings().breaker(),
                    System::nanoTime);
            meters.watch(provider, model, limits);
            return provider(provider).guard().ofModel(limits);
        });
    }

    /// Where a model that callers may talk to is found.
    Gateway.Route route(String name, ModelsSettings.Chat chat) {
        var provider = provider(chat.provider());
        var path = provider.settings().chatRoute();
        ChatModel model = switch (provider.settings().type()) {
            case OPENAI -> new OpenAiChat(provider.http(), path);
            case ANTHROPIC -> new AnthropicChat(provider.http(), path, clock);
            case OLLAMA -> new OllamaChat(provider.http(), path, clock);
        };
        var upstream = chat.upstream(name);
        return new Gateway.Route(name, upstream, model, guard(chat.provider(), upstream), chat.fallbacks());
    }

    @Override
    public void close() {
        byName.values().forEach(provider -> provider.http().close());
    }
}
