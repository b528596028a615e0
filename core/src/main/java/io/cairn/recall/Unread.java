package io.cairn.recall;

import io.cairn.event.EventLog;
import io.cairn.event.StorageException;
import io.cairn.model.EmbeddingException;
import io.cairn.model.Embeddings;
import io.cairn.passage.Excerpt;
import io.cairn.passage.PassageRef;
import io.cairn.passage.Source;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads what the dense index has not embedded yet, so that what was just written is compared on equal terms.
///
/// A few short passages at the most, and not for long: the rest is judged by its words.
final class Unread {
    private static final System.Logger LOG = System.getLogger(Unread.class.getName());

    private final EventLog log;
    private final List<Source> sources;
    private final Embeddings embeddings;
    private final RecallSettings settings;

    Unread(EventLog log, List<Source> sources, Embeddings embeddings, RecallSettings settings) {
        this.log = log;
        this.sources = sources;
        this.embeddings = embeddings;
        this.settings = settings;
    }

    /// Those that could be read, with their cosines.
    ///
    /// @param refs the likeliest first
    List<Candidate> read(Tenant tenant, float[] query, List<PassageRef> refs) {
        var first = refs.stream()
                .filter(ref -> embeddings.understands(ref.language()))
                .limit(settings.unreadMax())
                .toList();
        if (first.isEmpty()) {
            return List.of();
        }
        var reading = new FutureTask<>(() -> embedded(tenant, query, first));
        Thread.ofVirtual().name("cairn-recall-unread").start(reading);
        try {
            return reading.get(settings.unreadWait().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EmbeddingException || e.getCause() instanceof StorageException) {
                LOG.log(System.Logger.Level.DEBUG, "What is not embedded yet is judged by its words", e.getCause());
                return List.of();
            }
            throw new IllegalStateException("What is not embedded yet could not be read", e.getCause());
        }
    }

    private List<Candidate> embedded(Tenant tenant, float[] query, List<PassageRef> refs) {
        var excerpts = excerpts(tenant, refs);
        var read = new ArrayList<PassageRef>();
        var texts = new ArrayList<String>();
        int characters = 0;
        for (var ref : refs) {
            var excerpt = excerpts.get(ref);
            if (excerpt != null
                    && embeddings.reads(excerpt.text())
                    && characters + excerpt.meaning().length() <= settings.unreadCharactersMax()) {
                characters += excerpt.meaning().length();
                read.add(ref);
                texts.add(excerpt.meaning());
            }
        }
        var vectors = embeddings.passages(tenant, texts);
        var candidates = new ArrayList<Candidate>();
        for (int i = 0; i < read.size(); i++) {
            candidates.add(new Candidate(read.get(i), cosine(query, vectors.get(i))));
        }
        return candidates;
    }

    private Map<PassageRef, Excerpt> excerpts(Tenant tenant, List<PassageRef> refs) {
        return log.read(tenant, view -> {
            var excerpts = new HashMap<PassageRef, Excerpt>();
            for (var source : sources) {
                var own =
                        refs.stream().filter(ref -> ref.kind() == source.kind()).toList();
                if (!own.isEmpty()) {
                    excerpts.putAll(source.excerpts(view, own));
                }
            }
            return excerpts;
        });
    }

    /// Of vectors of length 1.
    private static double cosine(float[] query, float[] passage) {
        double product = 0;
        for (int i = 0; i < query.length; i++) {
            product += (double) query[i] * passage[i];
        }
        return product;
    }
}
