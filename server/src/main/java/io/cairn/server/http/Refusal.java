package io.cairn.server.http;

import io.cairn.client.wire.ProblemDetails;
import io.cairn.client.wire.ProblemItem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that is not carried out, on its way to the one place that writes problems.
public final class Refusal extends RuntimeException {
    private final Trouble trouble;
    private final String detail;
    private final List<ProblemItem> errors;
    private final @Nullable Long actualVersion;
    private final Map<String, String> headers;
    private final Words words;

    /// How somebody else put it, for whom this server asked, in the fields of OpenAI's form.
    record Words(
            @Nullable String type,
            @Nullable String code,
            @Nullable String param) {
        static final Words NONE = new Words(null, null, null);
    }

    Refusal(Trouble trouble, String detail, List<ProblemItem> errors) {
        this(trouble, detail, errors, null, Map.of(), Words.NONE);
    }

    private Refusal(
            Trouble trouble,
            String detail,
            List<ProblemItem> errors,
            @Nullable Long actualVersion,
            Map<String, String> headers,
            Words words) {
        super(trouble.code() + ": " + detail, null, false, false);
        this.trouble = trouble;
        this.detail = detail;
        this.errors = List.copyOf(errors);
        this.actualVersion = actualVersion;
        this.headers = Map.copyOf(headers);
        this.words = words;
    }

    public Refusal actualVersion(long version) {
        return new Refusal(trouble, detail, errors, version, headers, words);
    }

    public Refusal retryAfter(Duration wait) {
        return header("Retry-After", Long.toString(Math.max(1, Math.ceilDiv(wait.toMillis(), 1000))));
    }

    public Refusal header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Refusal(trouble, detail, errors, actualVersion, more, words);
    }

    /// In the words of a provider, where OpenAI's clients are told of it.
    ///
    /// @param code none for this server's own
    public Refusal inWords(@Nullable String type, @Nullable String code, @Nullable String param) {
        return new Refusal(trouble, detail, errors, actualVersion, headers, new Words(type, code, param));
    }

    Words words() {
        return words;
    }

    public Trouble trouble() {
        return trouble;
    }

    public String detail() {
        return detail;
    }

    public List<ProblemItem> errors() {
        return errors;
    }

    Map<String, String> headers() {
        return headers;
    }

    ProblemDetails details(@Nullable String correlation) {
        return new ProblemDetails(
                "urn:cairn:problem:" + trouble.code(),
                trouble.title(),
                trouble.status(),
                trouble.code(),
                Field.printable(detail),
                trouble.remedy(),
                correlation,
                errors,
                actualVersion);
    }
}
