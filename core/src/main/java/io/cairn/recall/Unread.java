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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Reads what the dense index has not embedded yet, so that what was just written is compared on equal terms.
///
/// A few short passages at the most, the likeliest first, and not for long: what is not ready in time is judged by its
/// words.
final class Unread {
    private static final System.Logger LOG = System.getLogger(Unread.class.getName());

    /// So many are embedded at once: the likeliest is not to wait for all.
    private static final int AT_ONCE = 2;

    private final EventLog log;
    private final List<Source> sources;
    private final RecallSettings settings;

    Unread(EventLog log, List<Source> sources, RecallSettings settings) {
        this.log = log;
        this.sources = sources;
        this.settings = settings;
    }

    /// Those that could be read, with their cosines.
    ///
    /// @param embeddings by which the query was embedded
    /// @param refs the likeliest first
    List<Candidate> read(Tenant tenant, Embeddings embeddings, float[] query, List<PassageRef> refs) {
        var first = refs.stream()
                .filter(ref -> embeddings.understands(ref.language()))
                .limit(settings.unreadMax())
                .toList();
        if (first.isEmpty()) {
            return List.of();
        }
        var read = new ConcurrentLinkedQueue<Candidate>();
        var reading = new FutureTask<>(() -> embed(tenant, embeddings, query, first, read), read);
        Thread.ofVirtual().name("cairn-recall-unread").start(reading);
        try {
            reading.get(settings.unreadWait().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "Not all that is not embedded yet could be read in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EmbeddingException || e.getCause() instanceof StorageException) {
                LOG.log(System.Logger.Level.DEBUG, "What is not embedded yet is judged by its words", e.getCause());
            } else {
                throw new IllegalStateException("What is not embedded yet could not be read", e.getCause());
            }
        }
        return List.copyOf(read);
    }

    private void embed(
            Tenant tenant, Embeddings embeddings, float[] query, List<PassageRef> refs, Collection<Candidate> read) {
        var excerpts = excerpts(tenant, refs);
        var wanted = new ArrayList<PassageRef>();
        int characters = 0;
        for (var ref : refs) {
            var excerpt = excerpts.get(ref);
            if (excerpt != null
                    && embeddings.reads(excerpt.text())
                    && characters + excerpt.meaning().length() <= settings.unreadCharactersMax()) {
                characters += excerpt.meaning().length();
                wanted.add(ref);
            }
        }
        for (int from = 0; from < wanted.size(); from += AT_ONCE) {
            var part = wanted.subList(from, Math.min(wanted.size(), from + AT_ONCE));
            var vectors = embeddings.passages(
                    tenant,
                    part.stream()
                            .flatMap(ref -> Stream.ofNullable(excerpts.get(ref)))
                            .map(Excerpt::meaning)
                            .toList());
            for (int i = 0; i < part.size(); i++) {
                read.add(new Candidate(part.get(i), cosine(query, vectors.get(i))));
            }
        }
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
