package io.cairn.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One model that several providers serve: the first one is asked, and the others in its place while it does not
/// answer.
///
/// Vectors are kept for good, so those of two spaces must never mix, and two providers may serve different weights
/// under one name. So a provider stands in only after it has embedded a few texts as the first one did. The first one
/// embeds them when it has answered for the first time, and the others are compared then, before they are needed; who
/// was away is compared when it is needed. As long as the first one has not answered since the start, nobody stands
/// in for it.
public final class FallbackEmbeddings implements EmbeddingModel {
    private static final System.Logger LOG = System.getLogger(FallbackEmbeddings.class.getName());

    private static final List<String> TRIAL = List.of(
            "How late does the ferry leave?",
            "The keeper of the lighthouse wrote down every ship that passed, its flag and its course.",
            "invoice 4711, 12 % VAT, net 30 days");

    /// Rounding, as between 16 and 32 bits, moves a cosine by less; another model, pooling or prefix by more.
    private static final double COSINE_MIN = 0.98;

    private final EmbeddingModel first;
    private final List<StandIn> others;
    private final EmbeddingMeter meter;
    private final AtomicBoolean comparing = new AtomicBoolean();
    private volatile @Nullable List<float[]> trial;

    /// @param others the same model at other providers, in the order in which they are asked
    /// @throws IllegalArgumentException if another one has another name or other dimensions
    public FallbackEmbeddings(EmbeddingModel first, List<EmbeddingModel> others, EmbeddingMeter meter) {
        this.first = first;
        this.meter = meter;
        this.others = others.stream().map(StandIn::new).toList();
        others.forEach(other -> requireSame(first, other));
    }

    private static void requireSame(EmbeddingModel first, EmbeddingModel other) {
        var wanted = first.space();
        var offered = other.space();
        if (!wanted.model().equals(offered.model())
                || wanted.dimensions() != offered.dimensions()
                || wanted.normalised() != offered.normalised()) {
            throw new IllegalArgumentException(
                    "Provider '%s' cannot stand in for '%s': vectors of %s with %d dimensions do not mix with those of %s with %d"
                            .formatted(
                                    other.provider(),
                                    first.provider(),
                                    offered.model(),
                                    offered.dimensions(),
                                    wanted.model(),
                                    wanted.dimensions()));
        }
    }

    @Override
    public EmbeddingSpace space() {
        return first.space();
    }

    @Override
    public String provider() {
        return first.provider();
    }

    @Override
    public boolean isGuarded() {
        return first.isGuarded() && others.stream().allMatch(other -> other.model.isGuarded());
    }

    @Override
    public Set<String> languages() {
        return first.languages();
    }

    @Override
    public boolean reads(String text) {
        return first.reads(text);
    }

    @Override
    public float[] embedQuery(String query) {
        return embedQuery(query, used -> {});
    }

    @Override
    public float[] embedQuery(String query, Consumer<Usage> used) {
        return asked(model -> model.embedQuery(query, used));
    }

    @Override
    public List<float[]> embedPassages(List<String> passages) {
        return embedPassages(passages, used -> {});
    }

    @Override
    public List<float[]> embedPassages(List<String> passages, Consumer<Usage> used) {
        return asked(model -> model.embedPassages(passages, used));
    }

    private <T> T asked(Function<EmbeddingModel, T> work) {
        try {
            T done = work.apply(first);
            if (trial == null && comparing.compareAndSet(false, true)) {
                Thread.ofVirtual().name("cairn-embedding-trial").start(this::tryAll);
            }
            return done;
        } catch (ModelException e) {
            return instead(e, work);
        }
    }

    private <T> T instead(ModelException failure, Function<EmbeddingModel, T> work) {
        var last = failure;
        for (var other : others) {
            if (!last.isProviders() || Thread.currentThread().isInterrupted()) {
                break;
            }
            if (other.isAlike()) {
                meter.fellBack(first.provider(), other.model.provider(), 1);
                try {
                    return work.apply(other.model);
                } catch (ModelException e) {
                    e.addSuppressed(last);
                    last = e;
                }
            }
        }
        throw last;
    }

    private void tryAll() {
        try {
            trial = first.embedPassages(TRIAL);
            others.forEach(StandIn::isAlike);
        } catch (ModelException e) {
            LOG.log(System.Logger.Level.DEBUG, "Providers are compared when the first one answers again", e);
        } finally {
            comparing.set(false);
        }
    }

    /// Another provider of the model, and whether it was found to be one.
    private final class StandIn {
        private final EmbeddingModel model;
        private volatile Optional<Boolean> alike = Optional.empty();

        StandIn(EmbeddingModel model) {
            this.model = model;
        }

        boolean isAlike() {
            var wanted = trial;
            if (alike.isEmpty() && wanted != null) {
                compare(wanted);
            }
            return alike.orElse(false);
        }

        private void compare(List<float[]> wanted) {
            try {
                double cosine = leastCosine(wanted, model.embedPassages(TRIAL));
                alike = Optional.of(cosine >= COSINE_MIN);
                LOG.log(
                        cosine >= COSINE_MIN ? System.Logger.Level.INFO : System.Logger.Level.ERROR,
                        "Provider ''{0}'' {1} for ''{2}'' of ''{3}'': the same texts have vectors with a cosine of {4}",
                        model.provider(),
                        cosine >= COSINE_MIN ? "can stand in" : "serves another model and never stands in",
                        space().model(),
                        first.provider(),
                        cosine);
            } catch (ModelException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Provider ''{0}'' cannot stand in for ''{1}'' now, since it could not be compared: {2}",
                        model.provider(),
                        first.provider(),
                        e.getMessage());
            }
        }
    }

    private static double leastCosine(List<float[]> wanted, List<float[]> found) {
        double least = 1;
        for (int i = 0; i < wanted.size(); i++) {
            least = Math.min(least, cosine(wanted.get(i), found.get(i)));
        }
        return least;
    }

    /// Of vectors of one size, whose lengths need not be 1.
    private static double cosine(float[] one, float[] other) {
        double product = 0;
        double ones = 0;
        double others = 0;
        for (int i = 0; i < one.length; i++) {
            product += (double) one[i] * other[i];
            ones += (double) one[i] * one[i];
            others += (double) other[i] * other[i];
        }
        return product / Math.sqrt(ones * others);
    }

    @Override
    public void close() {
        first.close();
        others.forEach(other -> other.model.close());
    }
}
