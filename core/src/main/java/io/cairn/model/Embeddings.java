package io.cairn.model;

import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// The way from texts to vectors: the memory first, then what nodes share, then the store, and only then the model.
///
/// A text that was seen is not computed again, whether it comes twice in one batch, from two threads at once
/// or after a restart. Queries are remembered in memory only: what people ask for does not belong on a disk.
/// Vectors are shared between callers and are only read.
public final class Embeddings implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Embeddings.class.getName());

    private static final String HARMLESS = "How late does the ferry leave?";

    private final EmbeddingModel model;
    private final GuardedModel guarded;
    private final Optional<SharedVectors> shared;
    private final VectorStore store;
    private final Function<Tenant, byte[]> tenantKey;
    private final EmbeddingMeter meter;
    private final Settings settings;
    private final Spending spending;
    private final VectorCache<Slot> queries;
    private final VectorCache<Slot> passages;
    private final AskedDuringSweep asked = new AskedDuringSweep();
    private final InFlight<Slot, float[]> askedNow = new InFlight<>();
    private final InFlight<Slot, float[]> embeddedNow = new InFlight<>();

    /// Present where other nodes embed the same texts into the same store.
    private final Optional<RandomGenerator> amongNodes;

    /// Those of a model that cannot be run here.
    static Embeddings absent(String madeOf) {
        return new Embeddings(
                new AbsentModel(madeOf),
                VectorStore.inMemory(),
                tenant -> new byte[1],
                EmbeddingMeter.none(),
                Settings.DEFAULT);
    }

    /// For a store that no other node writes to.
    ///
    /// @param tenantKey the tenant's secret for recognising content
    public Embeddings(
            EmbeddingModel model,
            VectorStore store,
            Function<Tenant, byte[]> tenantKey,
            EmbeddingMeter meter,
            Settings settings) {
        this(model, Optional.empty(), store, tenantKey, meter, settings, Optional.empty());
    }

    /// @param shared what nodes share in front of the store
    /// @param tenantKey the tenant's secret for recognising content
    /// @param amongNodes chooses what is embedded first, where other nodes follow the same log: each begins
    ///     elsewhere and takes what another one has stored meanwhile, so that they divide the work
    /// @param spending keeps account of what the model costs
    public Embeddings(
            EmbeddingModel model,
            Optional<SharedVectors> shared,
            VectorStore store,
            Function<Tenant, byte[]> tenantKey,
            EmbeddingMeter meter,
            Settings settings,
            Optional<RandomGenerator> amongNodes,
            Spending spending) {
        this.spending = spending;
        this.amongNodes = amongNodes;
        this.model = model;
        this.guarded = new GuardedModel(model, meter, settings);
        this.shared = shared;
        this.store = store;
        this.tenantKey = tenantKey;
        this.meter = meter;
        this.settings = settings;
        this.queries = new VectorCache<>(settings.memoryBytesMax() / 4);
        this.passages = new VectorCache<>(settings.memoryBytesMax() / 4 * 3);
    }

    /// Where models cost nothing.
    public Embeddings(
            EmbeddingModel model,
            Optional<SharedVectors> shared,
            VectorStore store,
            Function<Tenant, byte[]> tenantKey,
            EmbeddingMeter meter,
            Settings settings,
            Optional<RandomGenerator> amongNodes) {
        this(model, shared, store, tenantKey, meter, settings, amongNodes, Spending.free());
    }

    public EmbeddingSpace space() {
        return model.space();
    }

    /// The space with everything by which it differs from others, as operators read it.
    public String described() {
        return model.described();
    }

    /// Whether the model by which an index was made cannot be run here, so that nothing can be embedded.
    public boolean isAbsent() {
        return model.isAbsent();
    }

    /// Whether an index that names this as its space was made by this model.
    boolean isOf(String madeOf) {
        return model.isOf(madeOf);
    }

    /// @param language a BCP 47 tag such as `en` or `de-AT`
    public boolean understands(String language) {
        return model.understands(language);
    }

    /// Whether the vector of a text says what it means.
    public boolean reads(String text) {
        return model.reads(text);
    }

    /// A query that Cairn itself asks for.
    ///
    /// @throws EmbeddingException if the model fails or takes too long
    public float[] query(Tenant tenant, String text) {
        return query(Payer.cairn(tenant), text);
    }

    /// @throws EmbeddingException if the model fails or takes too long, or a budget does not allow it
    public float[] query(Payer payer, String text) {
        var tenant = payer.tenant();
        var slot = new Slot(tenant, keys(tenant).of(text));
        var known = queries.get(slot);
        meter.lookedUp(EmbeddingMeter.Level.MEMORY, known == null ? 0 : 1, known == null ? 1 : 0);
        if (known != null) {
            saved(payer, 1, TokenEstimate.probably(text));
            return known;
        }
        var vectors = new HashMap<Slot, float[]>();
        while (vectors.isEmpty()) {
            vectors.putAll(
                    claimed(askedNow, List.of(slot), (mine, done) -> done.accept(slot, asked(payer, slot, text))));
        }
        return vectors.values().iterator().next();
    }

    /// The passages' vectors, for Cairn itself.
    ///
    /// @throws EmbeddingException as for any payer
    public List<float[]> passages(Tenant tenant, List<String> texts) {
        return passages(new Sent(Payer.cairn(tenant), spending), texts);
    }

    /// A query's vector as the model makes it now, also if it is known, to see how long that takes.
    ///
    /// @throws EmbeddingException if the model fails or takes too long
    public float[] queryAnew(Tenant tenant, String text) {
        return charged(new Sent(Payer.cairn(tenant), spending), List.of(text), used -> guarded.query(text, used));
    }

    /// Those of the texts that have no vector at hand or in the store, each once.
    public List<String> missing(Tenant tenant, List<String> texts) {
        var keys = keys(tenant);
        var bySlot = new LinkedHashMap<Slot, String>();
        texts.forEach(text -> bySlot.putIfAbsent(new Slot(tenant, keys.of(text)), text));
        bySlot.keySet().removeAll(remembered(bySlot.keySet()).keySet());
        bySlot.keySet().removeAll(stored(List.copyOf(bySlot.keySet())).keySet());
        return List.copyOf(bySlot.values());
    }

    /// The passages' vectors, in the order of the passages. That is one request of the payer's, whatever is known.
    ///
    /// @throws EmbeddingException if the model fails or takes too long, or a budget or a rate does not allow it;
    /// what it had finished by then is remembered
    public List<float[]> passages(Payer payer, List<String> texts) {
        return passages(new Sent(payer, requested(payer, texts)), texts);
    }

    private Spending requested(Payer payer, List<String> texts) {
        try {
            return spending.request(payer);
        } catch (ModelException e) {
            throw EmbeddingException.failed(space().model(), "%d texts".formatted(texts.size()), e);
        }
    }

    private List<float[]> passages(Sent sent, List<String> texts) {
        var payer = sent.payer;
        var tenant = payer.tenant();
        var keys = keys(tenant);
        var slots = texts.stream().map(text -> new Slot(tenant, keys.of(text))).toList();
        asked.note(tenant, slots.stream().map(Slot::key));
        var wanted = new LinkedHashMap<Slot, String>();
        for (int i = 0; i < texts.size(); i++) {
            wanted.putIfAbsent(slots.get(i), texts.get(i));
        }
        var vectors = remembered(wanted.keySet());
        wanted.keySet().removeAll(vectors.keySet());
        meter.lookedUp(EmbeddingMeter.Level.MEMORY, texts.size() - wanted.size(), wanted.size());
        while (!wanted.isEmpty()) {
            vectors.putAll(claimed(embeddedNow, wanted.keySet(), (mine, done) -> settle(mine, wanted, sent, done)));
            wanted.keySet().removeAll(vectors.keySet());
        }
        saved(payer, texts.size() - sent.texts, TokenEstimate.probably(texts).input() - sent.tokens);
        return slots.stream().map(vectors::get).toList();
    }

    /// What became of texts: those that the model takes have vectors, and others were refused by its provider for good.
    public record Taken(Map<String, float[]> vectors, Map<String, EmbeddingException> refused) {}

    /// The vectors of those texts that the model takes, for Cairn itself: one that its provider refuses does not hold
    /// up the others.
    ///
    /// @throws EmbeddingException if the model fails, takes too long, or takes no text at all
    public Taken taken(Tenant tenant, Collection<String> texts) {
        var taken = new Taken(new HashMap<>(), new HashMap<>());
        take(tenant, texts.stream().distinct().toList(), taken);
        return taken;
    }

    private void take(Tenant tenant, List<String> texts, Taken taken) {
        try {
            var vectors = passages(tenant, texts);
            for (int i = 0; i < texts.size(); i++) {
                taken.vectors().put(texts.get(i), vectors.get(i));
            }
        } catch (EmbeddingException e) {
            if (!e.isRefused()) {
                throw e;
            }
            if (texts.size() == 1) {
                requireTakesOthers(tenant, e);
                meter.refused(model.provider(), 1);
                taken.refused().put(texts.getFirst(), e);
            } else {
                int middle = texts.size() / 2;
                take(tenant, texts.subList(0, middle), taken);
                take(tenant, texts.subList(middle, texts.size()), taken);
            }
        }
    }

    /// Where a setting is wrong, such as the model's name, every text is refused, and none of them is to blame.
    private void requireTakesOthers(Tenant tenant, EmbeddingException refusal) {
        try {
            queryAnew(tenant, HARMLESS);
        } catch (EmbeddingException e) {
            refusal.addSuppressed(e);
            throw refusal;
        }
    }

    /// Forgets the vectors of every passage that is not among the live ones. What is asked for
    /// meanwhile stays. What nodes share is emptied for the tenant, since it is soon full again.
    ///
    /// @param space this model's, or one of which vectors are left from before
    /// @return how many vectors were removed
    public long sweep(Tenant tenant, EmbeddingSpace space, Stream<String> livePassages) {
        return asked.during(tenant, askedMeanwhile -> {
            // Flattened when it is reached, that is after the live ones.
            var live = Stream.concat(
                    livePassages.sequential().map(keys(tenant)::of),
                    Stream.of(0).flatMap(now -> askedMeanwhile.get()));
            long removed = store.sweep(tenant, space, live);
            if (removed > 0) {
                shared.ifPresent(level -> forget(() -> level.remove(tenant, space)));
            }
            return removed;
        });
    }

    /// Whose vectors are stored, in which space: of this model, and of those before it.
    public List<VectorStore.Held> held() {
        return store.held();
    }

    /// How many vectors were removed from each level.
    ///
    /// @param shared none if nodes share nothing
    public record Invalidated(long memory, OptionalLong shared, long stored) {}

    /// Forgets the vectors of models, of all tenants, on every level; in memory those of its own model only.
    /// Other nodes keep what they have in memory.
    ///
    /// What nodes share comes after the store, which would fill it again.
    ///
    /// @throws RuntimeException if a level does not answer; what was removed before stays removed
    public Invalidated invalidate(ModelNames models) {
        long stored = store.held().stream()
                .map(held -> held.space().model())
                .filter(models::matches)
                .distinct()
                .mapToLong(store::removeModel)
                .sum();
        var removed =
                shared.map(level -> OptionalLong.of(level.removeModels(models))).orElse(OptionalLong.empty());
        return new Invalidated(invalidateMemory(models), removed, stored);
    }

    /// Forgets what is in memory, if it is of one of the models.
    long invalidateMemory(ModelNames models) {
        return models.matches(space().model()) ? queries.clear() + passages.clear() : 0;
    }

    /// What stays is never a wrong answer, and leaves when its time is over.
    private static void forget(Runnable removal) {
        try {
            removal.run();
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Vectors could not be removed from the shared cache, and stay there until their time is over: {0}",
                    e.getMessage());
        }
    }

    /// Closes the model; the store belongs to whoever opened it.
    @Override
    public void close() {
        model.close();
    }

    private ContentKeys keys(Tenant tenant) {
        return new ContentKeys(tenantKey.apply(tenant));
    }

    private Map<Slot, float[]> remembered(Collection<Slot> slots) {
        var found = new HashMap<Slot, float[]>();
        for (var slot : slots) {
            var vector = passages.get(slot);
            if (vector != null) {
                found.put(slot, vector);
            }
        }
        return found;
    }

    private Map<Slot, float[]> claimed(
            InFlight<Slot, float[]> claims, Collection<Slot> slots, InFlight.Computation<Slot, float[]> computation) {
        try {
            return claims.resolve(slots, computation);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EmbeddingException.failed(space().model(), "a text that another thread computes", e);
        }
    }

    private float[] asked(Payer payer, Slot slot, String text) {
        var known = queries.get(slot);
        if (known != null) {
            saved(payer, 1, TokenEstimate.probably(text));
            return known;
        }
        var vector = charged(new Sent(payer, spending), List.of(text), used -> guarded.query(text, used));
        queries.put(slot, vector);
        return vector;
    }

    private void saved(Payer payer, long texts, long tokens) {
        if (texts > 0) {
            spending.saved(payer, space().model(), texts, tokens);
        }
    }

    /// Asks the model under a reservation.
    private <T> T charged(Sent sent, List<String> texts, Function<Consumer<Usage>, T> work) {
        Charge charge;
        try {
            charge = sent.account.reserve(sent.payer, space().model(), TokenEstimate.most(texts));
        } catch (ModelException e) {
            throw EmbeddingException.failed(space().model(), "%d texts".formatted(texts.size()), e);
        }
        var used = new AtomicReference<>(Usage.NONE);
        try {
            T done = work.apply(call -> used.accumulateAndGet(call, Usage::plus));
            charge.settle(told(used.get(), texts));
            return done;
        } catch (EmbeddingException e) {
            settle(charge, e, used.get(), texts);
            throw e;
        } finally {
            charge.release();
        }
    }

    private static Usage told(Usage used, List<String> texts) {
        return used.equals(Usage.NONE) ? TokenEstimate.probably(texts) : used;
    }

    /// Some of the calls that belong to it may have been answered. Whoever was only waiting pays nothing.
    private static void settle(Charge charge, EmbeddingException failure, Usage used, List<String> texts) {
        if (failure.timedOut() || failure.getCause() instanceof ModelException model && model.mayHaveCost()) {
            charge.settle(TokenEstimate.probably(texts).asEstimate());
        } else if (!used.equals(Usage.NONE)) {
            charge.settle(used.asEstimate());
        } else if (failure.getCause() instanceof RuntimeException cause) {
            charge.failed(cause, TokenEstimate.probably(texts));
        }
    }

    /// Looks into the memory once more: a text may have been finished between the first look and the claim.
    private void settle(List<Slot> claimed, Map<Slot, String> texts, Sent sent, BiConsumer<Slot, float[]> done) {
        var known = remembered(claimed);
        known.putAll(stored(without(claimed, known)));
        known.forEach(done);
        for (var part : parts(without(claimed, known))) {
            var missing = amongNodes.isPresent() ? without(part, storedMeanwhile(part, done)) : part;
            if (!missing.isEmpty()) {
                computed(missing, texts, sent).forEach(done);
            }
        }
    }

    /// What goes to the model at once, in the order in which it does.
    private List<List<Slot>> parts(List<Slot> missing) {
        var parts = new ArrayList<List<Slot>>();
        for (int from = 0; from < missing.size(); from += settings.passagesPerCall()) {
            parts.add(missing.subList(from, Math.min(missing.size(), from + settings.passagesPerCall())));
        }
        amongNodes.ifPresent(chance -> Collections.shuffle(parts, chance));
        return parts;
    }

    private Map<Slot, float[]> storedMeanwhile(List<Slot> part, BiConsumer<Slot, float[]> done) {
        var tenant = part.getFirst().tenant();
        var found = found(tenant, store.getAll(tenant, space(), keys(part)));
        meter.lookedUp(EmbeddingMeter.Level.STORE, found.size(), 0);
        found.forEach(done);
        return found;
    }

    private Map<Slot, float[]> stored(List<Slot> slots) {
        if (slots.isEmpty()) {
            return Map.of();
        }
        var tenant = slots.getFirst().tenant();
        return found(tenant, kept(tenant, keys(slots)));
    }

    private Map<Slot, float[]> found(Tenant tenant, Map<ContentKey, float[]> vectors) {
        var found = new HashMap<Slot, float[]>();
        vectors.forEach((key, vector) -> found.put(new Slot(tenant, key), vector));
        found.forEach(passages::put);
        return found;
    }

    private static List<ContentKey> keys(List<Slot> slots) {
        return slots.stream().map(Slot::key).toList();
    }

    /// What the store has to be asked for is shared from then on.
    private Map<ContentKey, float[]> kept(Tenant tenant, List<ContentKey> keys) {
        var found = new HashMap<ContentKey, float[]>();
        shared.ifPresent(level -> {
            found.putAll(level.getAll(tenant, space(), keys));
            meter.lookedUp(EmbeddingMeter.Level.REDIS, found.size(), keys.size() - found.size());
        });
        var missing = keys.stream().filter(key -> !found.containsKey(key)).toList();
        if (!missing.isEmpty()) {
            var stored = store.getAll(tenant, space(), missing);
            meter.lookedUp(EmbeddingMeter.Level.STORE, stored.size(), missing.size() - stored.size());
            shared.filter(level -> !stored.isEmpty()).ifPresent(level -> level.putAll(tenant, space(), stored));
            found.putAll(stored);
        }
        return found;
    }

    private Map<Slot, float[]> computed(List<Slot> slots, Map<Slot, String> texts, Sent sent) {
        var missing = slots.stream().map(texts::get).toList();
        var vectors = charged(sent, missing, used -> guarded.passages(missing, used));
        sent.note(missing);
        var bySlot = new HashMap<Slot, float[]>();
        var byKey = new HashMap<ContentKey, float[]>();
        for (int i = 0; i < vectors.size(); i++) {
            bySlot.put(slots.get(i), vectors.get(i));
            byKey.put(slots.get(i).key(), vectors.get(i));
        }
        // First at hand: if the store has no room now, the next attempt need not compute them again.
        bySlot.forEach(passages::put);
        var tenant = slots.getFirst().tenant();
        store.putAll(tenant, space(), byKey);
        shared.ifPresent(level -> level.putAll(tenant, space(), byKey));
        return bySlot;
    }

    private static List<Slot> without(List<Slot> slots, Map<Slot, float[]> known) {
        return slots.stream().filter(slot -> !known.containsKey(slot)).toList();
    }

    /// What the model had to be given of one caller's texts.
    private static final class Sent {
        private final Payer payer;
        private final Spending account;
        private long texts;
        private long tokens;

        Sent(Payer payer, Spending account) {
            this.payer = payer;
            this.account = account;
        }

        void note(List<String> given) {
            texts += given.size();
            tokens += TokenEstimate.probably(given).input();
        }
    }

    /// A place in the cache: what is equal for two tenants is computed for each.
    private record Slot(Tenant tenant, ContentKey key) {}

    /// The limits of embedding.
    ///
    /// @param queryTimeout how long one query may take
    /// @param passagesTimeout how long one call for passages may take, waiting for its turn included
    /// @param passagesPerCall how many passages go to the model at once; what a call has finished is stored
    /// @param callsMax how many calls for passages may run at once
    /// @param memoryBytesMax how much memory the vectors at hand may take, a quarter of it for queries
    public record Settings(
            Duration queryTimeout, Duration passagesTimeout, int passagesPerCall, int callsMax, long memoryBytesMax) {
        public static final Settings DEFAULT =
                new Settings(Duration.ofSeconds(5), Duration.ofMinutes(2), 64, 4, 64L << 20);

        public Settings {
            positive("query_timeout", queryTimeout.toNanos());
            positive("passages_timeout", passagesTimeout.toNanos());
            positive("passages_per_call", passagesPerCall);
            positive("calls_max", callsMax);
            if (memoryBytesMax < 0) {
                throw new IllegalArgumentException("memory_bytes_max is 0 or more; found " + memoryBytesMax);
            }
        }

        private static void positive(String name, long value) {
            if (value <= 0) {
                throw new IllegalArgumentException(name + " is more than 0; found " + value);
            }
        }
    }
}
