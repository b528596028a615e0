package io.cairn.server.wiring;

import io.cairn.adapter.provider.Provider;
import io.cairn.adapter.provider.ProviderKey;
import io.cairn.adapter.provider.RemoteEmbeddingSettings;
import io.cairn.adapter.redis.RedisSettings;
import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import io.cairn.ledger.Budget;
import io.cairn.ledger.Price;
import io.cairn.ledger.Terms;
import io.cairn.memory.ConversationId;
import io.cairn.model.ChatLimits;
import io.cairn.model.Replies;
import io.cairn.refresh.RefreshSettings;
import io.cairn.server.openai.MemoryWish;
import io.cairn.server.wiring.LedgerSettings.BudgetSettings;
import io.cairn.server.wiring.LedgerSettings.PriceSettings;
import io.cairn.server.wiring.LedgerSettings.RateSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Models of providers; `cairn.models`.
///
/// @param providers by name
/// @param keyFolder of files that have the names of providers, each with the key of one that names no other
/// @param embedding the model that embeds, in place of the one that comes with Cairn
/// @param formerEmbedding a provider's model that embedded before, and answers until the one in use has an index
/// @param refresh how the index is changed from one model to another
/// @param redis a cache of vectors that nodes share; none unless it is set
/// @param chat models that callers may talk to, by the name under which they ask for them
/// @param streams how long streamed answers may take
/// @param answer how long a whole answer may take, with all retries
/// @param currency of all prices and budgets, as a plain word
/// @param prices by the name of the model, as callers use it
/// @param budgets by a name under which they stand in refusals and metrics
/// @param rates likewise
/// @param outputTokens that are reserved for an answer whose request does not bound it, and bound it under a budget
/// @param replies that several listeners follow
/// @param calls through the door for OpenAI's clients that may be under way at once
public record ModelsSettings(
        @DefaultValue Map<String, ProviderSettings> providers,
        @Nullable Path keyFolder,
        @Nullable Embedding embedding,
        @Nullable Embedding formerEmbedding,
        @DefaultValue ModelRefreshSettings refresh,
        @Nullable Redis redis,
        @DefaultValue Map<String, Chat> chat,
        @DefaultValue Streams streams,
        @DefaultValue("120s") Duration answer,
        @DefaultValue("200") int calls,
        @DefaultValue("USD") String currency,
        @DefaultValue Map<String, PriceSettings> prices,
        @DefaultValue Map<String, BudgetSettings> budgets,
        @DefaultValue Map<String, RateSettings> rates,
        @DefaultValue("4096") int outputTokens,
        @DefaultValue SharedReplies replies) {
    public ModelsSettings {
        providers = Map.copyOf(providers);
        chat = Map.copyOf(chat);
        prices = Map.copyOf(prices);
        budgets = Map.copyOf(budgets);
        rates = Map.copyOf(rates);
        if (outputTokens < 1) {
            throw new IllegalArgumentException("cairn.models.output-tokens is 1 or more; found " + outputTokens);
        }
        requirePrices(terms(currency, prices, budgets, rates), chat, embedding, formerEmbedding);
        if (refresh.costMax() != null && embedding != null && !prices.containsKey(embedding.model())) {
            throw new IllegalArgumentException(
                    "cairn.models.refresh.cost-max limits money, but '%s' is not in cairn.models.prices; add it, with 0 if it costs nothing"
                            .formatted(embedding.model()));
        }
        providers.forEach((name, provider) -> provider.provider(name, ProviderKey.none()));
        if (!answer.isPositive() || calls < 1) {
            throw new IllegalArgumentException(
                    "cairn.models.answer and cairn.models.calls have to be positive; found %s and %d"
                            .formatted(answer, calls));
        }
        if (redis != null) {
            redis.settings();
        }
        if (embedding != null) {
            requireKnown("cairn.models.embedding", embedding, providers);
        }
        if (formerEmbedding != null) {
            requireKnown("cairn.models.former-embedding", formerEmbedding, providers);
        }
        for (var entry : chat.entrySet()) {
            var key = "cairn.models.chat." + entry.getKey();
            requireKnown(key + ".provider", entry.getValue().provider(), providers);
            entry.getValue().wish();
            for (var other : entry.getValue().fallbacks()) {
                if (!chat.containsKey(other)) {
                    throw new IllegalArgumentException(
                            "%s.fallbacks names '%s', which is none of cairn.models.chat".formatted(key, other));
                }
            }
        }
    }

    Map<String, MemoryWish> memory() {
        return chat.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().wish()));
    }

    /// How the index is changed to a model.
    RefreshSettings refreshTo(String model) {
        var price = terms().prices().getOrDefault(model, Price.NOTHING);
        return refresh.settings(price.input(), currency);
    }

    /// What models cost, and how much of them may be used.
    Terms terms() {
        return terms(currency, prices, budgets, rates);
    }

    private static Terms terms(
            String currency,
            Map<String, PriceSettings> prices,
            Map<String, BudgetSettings> budgets,
            Map<String, RateSettings> rates) {
        return new Terms(
                currency,
                prices.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, price -> price.getValue().price(price.getKey()))),
                budgets.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(budget -> budget.getValue().budget(budget.getKey()))
                        .toList(),
                rates.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(rate -> rate.getValue().rate(rate.getKey()))
                        .toList());
    }

    /// A model whose price was forgotten would be free, whatever the budget.
    private static void requirePrices(
            Terms terms, Map<String, Chat> chat, @Nullable Embedding embedding, @Nullable Embedding former) {
        if (terms.budgets().stream().noneMatch(budget -> budget.unit() == Budget.Unit.MONEY)) {
            return;
        }
        Stream.concat(
                        chat.keySet().stream(),
                        Stream.of(embedding, former).filter(Objects::nonNull).map(Embedding::model))
                .filter(model -> !terms.prices().containsKey(model))
                .findFirst()
                .ifPresent(model -> {
                    throw new IllegalArgumentException(
                            "cairn.models.budgets limits money, but '%s' is not in cairn.models.prices; add it, with 0 if it costs nothing"
                                    .formatted(model));
                });
    }

    private static void requireKnown(String key, Embedding embedding, Map<String, ProviderSettings> providers) {
        requireKnown(key + ".provider", embedding.provider(), providers);
        embedding.fallbacks().forEach(other -> requireKnown(key + ".fallbacks", other.provider(), providers));
        embedding.settings();
    }

    private static void requireKnown(String key, String name, Map<String, ProviderSettings> providers) {
        if (!providers.containsKey(name)) {
            throw new IllegalArgumentException(
                    "%s names '%s', which is none of cairn.models.providers".formatted(key, name));
        }
    }

    /// What a provider speaks.
    public enum Dialect {
        /// What OpenAI speaks, and with it vLLM, LiteLLM, TEI and many more.
        OPENAI,
        ANTHROPIC,
        OLLAMA
    }

    /// A provider of models.
    ///
    /// @param type what it speaks
    /// @param url to which the paths are added
    /// @param keyFile in place of `key`; read again when it changes, or when the key is refused
    /// @param keySecret in place of both: a secret of AWS Secrets Manager
    /// @param auth the header in which the key goes, if it is not the dialect's own
    /// @param headers on every request
    /// @param chatPath behind the URL
    /// @param embeddingsPath behind the URL
    /// @param callsMax that may be under way at once
    /// @param attempts at a call, the first one included
    /// @param firstWait before the second attempt; each further wait is twice as long
    /// @param longestWait between two attempts
    /// @param failures in a row after which the provider is left alone
    /// @param open for how long it is
    public record ProviderSettings(
            @DefaultValue("openai") Dialect type,
            URI url,
            @Nullable String key,
            @Nullable Path keyFile,
            SecretsSettings.@Nullable Place keySecret,
            Provider.@Nullable Auth auth,
            @DefaultValue Map<String, String> headers,
            @Nullable String chatPath,
            @DefaultValue("/embeddings") String embeddingsPath,
            @DefaultValue("50") int callsMax,
            @DefaultValue("3") int attempts,
            @DefaultValue("2s") Duration firstWait,
            @DefaultValue("10s") Duration longestWait,
            @DefaultValue("5") int failures,
            @DefaultValue("60s") Duration open) {
        public ProviderSettings {
            headers = headers(type, headers);
            if (Stream.of(key, keyFile, keySecret).filter(Objects::nonNull).count() > 1) {
                throw new IllegalArgumentException(
                        "A provider in cairn.models.providers has one of key, key-file and key-secret");
            }
            if (callsMax < 1) {
                throw new IllegalArgumentException("calls-max of a provider is 1 or more; found " + callsMax);
            }
        }

        /// Anthropic wants to be told which version of its dialect is spoken.
        private static Map<String, String> headers(Dialect type, Map<String, String> own) {
            var all = new HashMap<String, String>();
            if (type == Dialect.ANTHROPIC) {
                all.put("anthropic-version", "2023-06-01");
            }
            all.putAll(own);
            return Map.copyOf(all);
        }

        Provider provider(String name, ProviderKey secret) {
            try {
                retry();
                breaker();
                return new Provider(name, url, secret, header(), headers);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("cairn.models.providers.%s: %s".formatted(name, e.getMessage()), e);
            }
        }

        private Provider.Auth header() {
            if (auth != null) {
                return auth;
            }
            return type == Dialect.ANTHROPIC ? Provider.Auth.X_API_KEY : Provider.Auth.BEARER;
        }

        String chatRoute() {
            if (chatPath != null) {
                return chatPath;
            }
            return switch (type) {
                case OPENAI -> "/chat/completions";
                case ANTHROPIC -> "/messages";
                case OLLAMA -> "/api/chat";
            };
        }

        Retry.Settings retry() {
            return new Retry.Settings(attempts, firstWait, longestWait, Duration.ofMinutes(5));
        }

        Breaker.Settings breaker() {
            return new Breaker.Settings(failures, open);
        }

        /// A key shows nowhere.
        @Override
        public String toString() {
            return "a provider of type " + type;
        }
    }

    /// A cache of vectors that nodes share.
    ///
    /// @param rootCertificate a PEM file with the authorities that vouch for it
    /// @param timeout for one request
    /// @param connect for a connection
    /// @param ttl how long a vector is kept
    /// @param failures in a row after which Redis is left alone
    /// @param open for how long it is
    public record Redis(
            URI url,
            @Nullable Path passwordFile,
            @Nullable Path rootCertificate,
            @DefaultValue("50ms") Duration timeout,
            @DefaultValue("5s") Duration connect,
            @DefaultValue("7d") Duration ttl,
            @DefaultValue("5") int failures,
            @DefaultValue("10s") Duration open) {
        RedisSettings settings() {
            return new RedisSettings(
                    url,
                    Optional.ofNullable(passwordFile),
                    Optional.ofNullable(rootCertificate),
                    timeout,
                    connect,
                    ttl);
        }

        Breaker.Settings breaker() {
            return new Breaker.Settings(failures, open);
        }

        /// The URL may hold a password.
        @Override
        public String toString() {
            return "Redis";
        }
    }

    /// How vectors are written.
    public enum Encoding {
        FLOAT,
        BASE64
    }

    /// The model that embeds.
    ///
    /// @param askDimensions whether a request names the dimensions, which only some models take
    /// @param fallbacks where the same model answers while its provider does not
    public record Embedding(
            String provider,
            String model,
            int dimensions,
            @DefaultValue("false") boolean askDimensions,
            @DefaultValue("float") Encoding encoding,
            @DefaultValue("") String queryPrefix,
            @DefaultValue("") String passagePrefix,
            @DefaultValue Set<String> languages,
            @DefaultValue("96") int textsPerRequest,
            @DefaultValue("100000") int tokensPerRequest,
            @DefaultValue("60s") Duration timeout,
            @DefaultValue List<SameModel> fallbacks) {
        public Embedding {
            fallbacks = List.copyOf(fallbacks);
            var asked = new HashSet<>(Set.of(provider));
            for (var other : fallbacks) {
                if (!asked.add(other.provider())) {
                    throw new IllegalArgumentException(
                            "The fallbacks of an embedding model are other providers than its own, each once; found '%s' again"
                                    .formatted(other.provider()));
                }
            }
        }

        /// Its provider, and those that stand in for it.
        List<String> providers() {
            return Stream.concat(Stream.of(provider), fallbacks.stream().map(SameModel::provider))
                    .toList();
        }

        RemoteEmbeddingSettings settings() {
            return settings("/embeddings", model, timeout, timeout);
        }

        /// @param upstream the model's name at the provider
        RemoteEmbeddingSettings settings(
                String path, String upstream, Duration queryTimeout, Duration passagesTimeout) {
            return new RemoteEmbeddingSettings(
                    model,
                    upstream,
                    path,
                    dimensions,
                    askDimensions,
                    encoding == Encoding.BASE64,
                    queryPrefix,
                    passagePrefix,
                    languages,
                    textsPerRequest,
                    tokensPerRequest,
                    timeout,
                    queryTimeout,
                    passagesTimeout);
        }
    }

    /// The model that embeds, at another provider.
    ///
    /// @param model its name there, if it is another one
    public record SameModel(String provider, @Nullable String model) {
        String upstream(String name) {
            return Optional.ofNullable(model).orElse(name);
        }
    }

    /// A model that callers may talk to.
    ///
    /// @param model its name at the provider, if it is another than the one that callers use
    /// @param fallbacks other models of this list that answer while its provider does not
    /// @param memory the conversation that remembers chats with it, unless they name another one; none by default
    /// @param recall how many hits are put before what is asked of it, unless a request says otherwise
    public record Chat(
            String provider,
            @Nullable String model,
            @DefaultValue List<String> fallbacks,
            @Nullable String memory,
            @DefaultValue("0") int recall) {
        public Chat {
            fallbacks = List.copyOf(fallbacks);
        }

        MemoryWish wish() {
            return new MemoryWish(Optional.ofNullable(memory).map(ConversationId::new), recall);
        }

        String upstream(String name) {
            return Optional.ofNullable(model).orElse(name);
        }
    }

    /// Answers that several listeners follow.
    ///
    /// @param bytes of one, in the form in which its pieces come; a word takes some 300
    /// @param keptBytes of those that have ended
    /// @param kept how long one is kept after its end
    public record SharedReplies(
            @DefaultValue("16MB") DataSize bytes,
            @DefaultValue("64MB") DataSize keptBytes,
            @DefaultValue("5m") Duration kept) {
        public SharedReplies {
            limits(bytes, keptBytes, kept);
        }

        Replies.Limits limits() {
            return limits(bytes, keptBytes, kept);
        }

        private static Replies.Limits limits(DataSize bytes, DataSize keptBytes, Duration kept) {
            return new Replies.Limits(bytes.toBytes(), keptBytes.toBytes(), kept);
        }
    }

    /// How long streamed answers may take.
    public record Streams(
            @DefaultValue("60s") Duration firstToken,
            @DefaultValue("60s") Duration idle,
            @DefaultValue("120s") Duration total) {
        ChatLimits limits() {
            return new ChatLimits(firstToken, idle, total);
        }
    }
}
