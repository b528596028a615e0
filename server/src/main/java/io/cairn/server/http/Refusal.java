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

    Refusal(Trouble trouble, String detail, List<ProblemItem> errors) {
        this(trouble, detail, errors, null, Map.of());
    }

    private Refusal(
            Trouble trouble,
            String detail,
            List<ProblemItem> errors,
            @Nullable Long actualVersion,
            Map<String, String> headers) {
        super(trouble.code() + ": " + detail, null, false, false);
        this.trouble = trouble;
        this.detail = detail;
        this.errors = List.copyOf(errors);
        this.actualVersion = actualVersion;
        this.headers = Map.copyOf(headers);
    }

    public Refusal actualVersion(long version) {
        return new Refusal(trouble, detail, errors, version, headers);
    }

    public Refusal retryAfter(Duration wait) {
        return header("Retry-After", Long.toString(Math.max(1, Math.ceilDiv(wait.toMillis(), 1000))));
    }

    public Refusal header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Refusal(trouble, detail, errors, actualVersion, more);
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
