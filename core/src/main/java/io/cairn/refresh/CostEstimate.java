package io.cairn.refresh;

import io.cairn.model.Embeddings;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Works out what a change of the model will take.
///
/// Texts are counted. How many tokens the model reads of them only its provider can tell, and how fast it is
/// only a trial: so it embeds one batch, drawn by chance from all of them. Nothing is lost by that, since
/// those vectors are kept.
final class CostEstimate {
    private final RefreshSettings settings;
    private final SpendingCount spending;
    private final RandomGenerator random;
    private final LongSupplier nanos;

    CostEstimate(RefreshSettings settings, SpendingCount spending, RandomGenerator random, LongSupplier nanos) {
        this.settings = settings;
        this.spending = spending;
        this.random = random;
        this.nanos = nanos;
    }

    Estimate of(MissingTexts missing, Embeddings embeddings) {
        var sample = new TextSample(settings.batch(), random);
        missing.forEach(sample::add);
        var model = embeddings.space().model();
        long before = spending.tokens(model);
        long began = nanos.getAsLong();
        sample.embed(embeddings);
        long took = nanos.getAsLong() - began;
        double share = sample.size() == 0 ? 0 : (double) sample.characters() / sample.charactersKept();
        long tokens = Math.round(share * (spending.tokens(model) - before));
        return new Estimate(
                sample.texts(),
                tokens,
                settings.budget().cost(tokens),
                settings.budget().currency(),
                time(sample, took));
    }

    private Duration time(TextSample sample, long took) {
        if (sample.size() == 0) {
            return Duration.ZERO;
        }
        var atSpeed = Duration.ofNanos(Math.round((double) took / sample.size() * sample.texts()));
        var atRate = settings.atRate(sample.texts());
        return atSpeed.compareTo(atRate) > 0 ? atSpeed : atRate;
    }
}
