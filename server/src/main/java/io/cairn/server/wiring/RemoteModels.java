package io.cairn.server.wiring;

import io.cairn.adapter.provider.RemoteEmbeddings;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.FallbackEmbeddings;
import io.cairn.server.ops.ProviderMeters;
import java.time.Duration;

/// Opens embedding models of providers.
///
/// @param queryTimeout of a query, whoever answers it
record RemoteModels(Providers providers, ProviderMeters used, EmbeddingMeter meter, Duration queryTimeout) {
    EmbeddingModel open(ModelsSettings.Embedding embedding) {
        if (embedding.fallbacks().isEmpty()) {
            return at(embedding.provider(), embedding.model(), embedding, embedding.timeout());
        }
        // Whoever stands in needs time, too.
        var share = queryTimeout.dividedBy(embedding.providers().size());
        return new FallbackEmbeddings(
                at(embedding.provider(), embedding.model(), embedding, share),
                embedding.fallbacks().stream()
                        .map(other -> at(other.provider(), other.upstream(embedding.model()), embedding, share))
                        .toList(),
                meter);
    }

    private EmbeddingModel at(String name, String upstream, ModelsSettings.Embedding embedding, Duration query) {
        var provider = providers.provider(name);
        return new RemoteEmbeddings(
                provider.http(),
                provider.guard(),
                embedding.settings(provider.settings().embeddingsPath(), upstream, query),
                usage -> used.used(name, usage));
    }
}
