package io.cairn.server.wiring;

import io.cairn.adapter.provider.RemoteEmbeddings;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.Embeddings;
import io.cairn.model.FallbackEmbeddings;
import io.cairn.server.ops.ProviderMeters;

/// Opens embedding models of providers.
///
/// @param limits how long embedding may take, whoever does it
record RemoteModels(Providers providers, ProviderMeters used, EmbeddingMeter meter, Embeddings.Settings limits) {
    EmbeddingModel open(ModelsSettings.Embedding embedding) {
        var first = at(embedding.provider(), embedding.model(), embedding);
        return embedding.fallbacks().isEmpty()
                ? first
                : new FallbackEmbeddings(
                        first,
                        embedding.fallbacks().stream()
                                .map(other -> at(other.provider(), other.upstream(embedding.model()), embedding))
                                .toList(),
                        meter);
    }

    /// Whoever stands in needs time, too.
    private EmbeddingModel at(String name, String upstream, ModelsSettings.Embedding embedding) {
        var provider = providers.provider(name);
        int sharing = embedding.providers().size();
        return new RemoteEmbeddings(
                provider.http(),
                providers.guard(name, upstream),
                embedding.settings(
                        provider.settings().embeddingsPath(),
                        upstream,
                        limits.queryTimeout().dividedBy(sharing),
                        limits.passagesTimeout().dividedBy(sharing)),
                usage -> used.used(name, usage));
    }
}
