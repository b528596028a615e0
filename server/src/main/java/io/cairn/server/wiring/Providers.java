package io.cairn.server.wiring;

import io.cairn.adapter.provider.ProviderHttp;
import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import io.cairn.model.ModelFailures;
import io.cairn.model.ProviderGuard;
import io.cairn.server.ops.ProviderMeters;
import io.cairn.server.wiring.ModelsSettings.ProviderSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/// The providers that are configured, each with its connections and its guard.
final class Providers implements AutoCloseable {
    private static final double JITTER = 0.25;

    /// A provider that can be asked.
    record Opened(ProviderSettings settings, ProviderHttp http, ProviderGuard guard) {}

    private final Map<String, Opened> byName = new HashMap<>();

    Providers(
            Map<String, ProviderSettings> settings,
            InstantSource clock,
            RandomGenerator random,
            ProviderMeters meters) {
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
            byName.put(name, new Opened(provider, new ProviderHttp(provider.provider(name), clock), guard));
        });
    }

    /// Never shorter, since the provider may have asked for the wait.
    private static Duration jittered(Duration wait, RandomGenerator random) {
        return wait.plusNanos((long) (wait.toNanos() * JITTER * random.nextDouble()));
    }

    Opened provider(String name) {
        return Objects.requireNonNull(byName.get(name), name);
    }

    @Override
    public void close() {
        byName.values().forEach(provider -> provider.http().close());
    }
}
