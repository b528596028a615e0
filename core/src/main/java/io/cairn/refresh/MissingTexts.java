package io.cairn.refresh;

import io.cairn.event.EventLog;
import io.cairn.event.SubjectKeys;
import io.cairn.model.Embeddings;
import io.cairn.recall.LivePassages;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// Goes through the texts of all live passages once, and embeds what has no vector of the new model. What its provider
/// refuses stays without one, as in the index.
///
/// What was embedded is in the store, so that whoever begins anew, after a crash or on another node, passes over it
/// quickly and asks the model for nothing twice.
final class MissingTexts {
    private final List<Tenant> tenants;
    private final LivePassages live;
    private final Embeddings embeddings;
    private final int batchMax;
    private final Iterator<Tenant> left;
    private Optional<Tenant> tenant = Optional.empty();
    private Iterator<String> texts = List.<String>of().iterator();
    private List<String> batch = List.of();
    private long done;
    private OptionalLong total = OptionalLong.empty();

    MissingTexts(EventLog log, LivePassages live, Embeddings embeddings, int batchMax) {
        this.tenants = log.feed().tenants(SubjectKeys.TABLE);
        this.live = live;
        this.embeddings = embeddings;
        this.batchMax = batchMax;
        this.left = tenants.iterator();
    }

    /// Only of passages that an index of this model takes in.
    private Stream<String> texts(Tenant of) {
        return live.of(of)
                .filter(passage -> embeddings.understands(passage.ref().language()))
                .filter(passage -> embeddings.reads(passage.texts().getFirst()))
                .flatMap(passage -> passage.meanings().stream())
                .flatMap(List::stream);
    }

    /// Counted when it is first asked for.
    long total() {
        if (total.isEmpty()) {
            total = OptionalLong.of(
                    tenants.stream().mapToLong(each -> texts(each).count()).sum());
        }
        return total.getAsLong();
    }

    /// Calls for each text that has no vector yet, and embeds none.
    void forEach(BiConsumer<Tenant, String> each) {
        for (fill(); !batch.isEmpty(); fill()) {
            var whose = tenant.orElseThrow();
            embeddings.missing(whose, batch).forEach(text -> each.accept(whose, text));
            done += batch.size();
            batch = List.of();
        }
    }

    /// How many have a vector; there may be more than the total, since messages come in meanwhile.
    long done() {
        return Math.min(done, total());
    }

    /// What became of a batch.
    sealed interface Step {
        /// @param embedded texts that the model was given
        record Went(int embedded) implements Step {}

        record Complete() implements Step {}
    }

    /// Goes on by one batch. One that fails is the next one again.
    Step next() {
        fill();
        if (batch.isEmpty()) {
            return new Step.Complete();
        }
        var whose = tenant.orElseThrow();
        var missing = embeddings.missing(whose, batch);
        if (!missing.isEmpty()) {
            embeddings.taken(whose, missing);
        }
        done += batch.size();
        batch = List.of();
        return new Step.Went(missing.size());
    }

    private void fill() {
        while (batch.isEmpty() && (texts.hasNext() || left.hasNext())) {
            if (!texts.hasNext()) {
                var whose = left.next();
                tenant = Optional.of(whose);
                texts = texts(whose).iterator();
            }
            var more = new ArrayList<String>();
            while (more.size() < batchMax && texts.hasNext()) {
                more.add(texts.next());
            }
            batch = more;
        }
    }
}
