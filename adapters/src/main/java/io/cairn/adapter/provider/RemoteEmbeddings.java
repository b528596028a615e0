package io.cairn.adapter.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.guard.Deadline;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.EmbeddingSpace;
import io.cairn.model.ModelException;
import io.cairn.model.ProviderGuard;
import io.cairn.model.Usage;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// An embedding model that is asked over HTTP, in OpenAI's dialect.
///
/// Texts go in batches that keep to the provider's limits. Where the provider finds a batch too long, it is halved, and
/// a single text is divided: its vector is the mean of its parts' vectors, weighed by their lengths. So nothing is cut,
/// and nothing is sent twice that was refused.
public final class RemoteEmbeddings implements EmbeddingModel {
    /// Few: code and languages other than English have fewer characters to a token than four.
    private static final double CHARACTERS_PER_TOKEN = 2.5;

    private static final int FINGERPRINT_DIGITS = 16;

    private final ProviderHttp http;
    private final ProviderGuard guard;
    private final RemoteEmbeddingSettings settings;
    private final Consumer<Usage> used;
    private final EmbeddingSpace space;

    /// @param used is told what each call took
    public RemoteEmbeddings(
            ProviderHttp http, ProviderGuard guard, RemoteEmbeddingSettings settings, Consumer<Usage> used) {
        this.http = http;
        this.guard = guard;
        this.settings = settings;
        this.used = used;
        this.space =
                new EmbeddingSpace(settings.model(), fingerprint(http.name(), settings), settings.dimensions(), true);
    }

    /// Not of the URL: the same model may move behind another one.
    private static String fingerprint(String provider, RemoteEmbeddingSettings settings) {
        var parts = List.of(
                provider,
                settings.model(),
                Integer.toString(settings.dimensions()),
                settings.queryPrefix(),
                settings.passagePrefix());
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\0", parts).getBytes(UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, FINGERPRINT_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    @Override
    public EmbeddingSpace space() {
        return space;
    }

    @Override
    public String provider() {
        return http.name();
    }

    @Override
    public Set<String> languages() {
        return settings.languages();
    }

    /// By its provider's guard.
    @Override
    public boolean isGuarded() {
        return true;
    }

    @Override
    public float[] embedQuery(String query) {
        return embedQuery(query, told -> {});
    }

    @Override
    public float[] embedQuery(String query, Consumer<Usage> told) {
        var texts = List.of(sendable(settings.queryPrefix() + query));
        var deadline = Deadline.in(settings.queryTimeout());
        return new Asking(false, deadline, told).embedded(texts).getFirst();
    }

    @Override
    public List<float[]> embedPassages(List<String> passages) {
        return embedPassages(passages, told -> {});
    }

    @Override
    public List<float[]> embedPassages(List<String> passages, Consumer<Usage> told) {
        var texts = passages.stream()
                .map(passage -> sendable(settings.passagePrefix() + passage))
                .toList();
        var asking = new Asking(true, Deadline.in(settings.passagesTimeout()), told);
        var vectors = new ArrayList<float[]>(texts.size());
        for (int from = 0; from < texts.size(); ) {
            int to = batchEnd(texts, from);
            vectors.addAll(asking.embedded(texts.subList(from, to)));
            from = to;
        }
        return vectors;
    }

    /// Half a surrogate is no character that JSON can carry, and an empty text is taken by few.
    private static String sendable(String text) {
        var whole = text.codePoints()
                .map(letter -> letter >= Character.MIN_SURROGATE && letter <= Character.MAX_SURROGATE ? 0xFFFD : letter)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        return whole.isEmpty() ? " " : whole.toString();
    }

    private int batchEnd(List<String> texts, int from) {
        double tokens = tokens(texts.get(from));
        int to = from + 1;
        while (to < texts.size()
                && to - from < settings.textsMax()
                && tokens + tokens(texts.get(to)) <= settings.tokensMax()) {
            tokens += tokens(texts.get(to));
            to++;
        }
        return to;
    }

    private static double tokens(String text) {
        return 1 + text.length() / CHARACTERS_PER_TOKEN;
    }

    /// One call, which may take several requests.
    ///
    /// @param bulk whether it leaves places to others
    /// @param whole by which all of it has to be done
    /// @param told what each request took
    private final class Asking {
        private final boolean bulk;
        private final Deadline whole;
        private final Consumer<Usage> told;

        Asking(boolean bulk, Deadline whole, Consumer<Usage> told) {
            this.bulk = bulk;
            this.whole = whole;
            this.told = told;
        }

        List<float[]> embedded(List<String> texts) {
            try {
                return asked(texts);
            } catch (ModelException e) {
                if (e.kind() != ModelException.Kind.TOO_LONG
                        || texts.size() == 1 && texts.getFirst().length() < 2) {
                    throw e;
                }
                return texts.size() == 1 ? List.of(divided(texts.getFirst())) : halved(texts);
            }
        }

        private List<float[]> halved(List<String> texts) {
            int middle = texts.size() / 2;
            var vectors = new ArrayList<>(embedded(texts.subList(0, middle)));
            vectors.addAll(embedded(texts.subList(middle, texts.size())));
            return vectors;
        }

        private float[] divided(String text) {
            int middle = text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
            var first = embedded(List.of(text.substring(0, middle))).getFirst();
            var second = embedded(List.of(text.substring(middle))).getFirst();
            return mean(first, middle, second, text.length() - middle);
        }

        private List<float[]> asked(List<String> texts) {
            var json = Json.MAPPER.writeValueAsBytes(request(texts));
            var deadline = whole.within(settings.timeout());
            Supplier<EmbeddingAnswer> work = () -> EmbeddingAnswer.read(
                    http.whole(settings.path(), json, deadline), texts.size(), settings.dimensions(), http::garbled);
            var answer = bulk ? guard.askInBulk(deadline, work) : guard.ask(deadline, work);
            var usage = answer.usage().orElseGet(() -> estimated(texts));
            told.accept(usage);
            used.accept(usage);
            return answer.vectors();
        }
    }

    private ObjectNode request(List<String> texts) {
        var body = Json.MAPPER.createObjectNode().put("model", settings.upstream());
        var input = body.putArray("input");
        texts.forEach(input::add);
        if (settings.askDimensions()) {
            body.put("dimensions", settings.dimensions());
        }
        return body.put("encoding_format", settings.base64() ? "base64" : "float");
    }

    /// Of two vectors, weighed, and of length 1.
    private static float[] mean(float[] one, int weightOfOne, float[] other, int weightOfOther) {
        var mean = new float[one.length];
        double squares = 0;
        for (int i = 0; i < mean.length; i++) {
            mean[i] = one[i] * weightOfOne + other[i] * weightOfOther;
            squares += (double) mean[i] * mean[i];
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= (float) Math.sqrt(squares == 0 ? 1 : squares);
        }
        return mean;
    }

    private static Usage estimated(List<String> texts) {
        return new Usage(
                Math.round(texts.stream().mapToDouble(RemoteEmbeddings::tokens).sum()), 0, true);
    }

    /// The connections belong to whoever opened them.
    @Override
    public void close() {
        // Nothing is open between calls.
    }
}
