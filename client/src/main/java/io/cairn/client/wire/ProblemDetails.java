package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An RFC 9457 problem: what happened, a stable `code`, what to do about it, and the id under which the logs
/// tell more.
///
/// `errors` has one entry per refused item or field; `actual_version` is set on a conflict of versions.
public record ProblemDetails(
        @Nullable String type,
        String title,
        int status,
        String code,
        @Nullable String detail,
        @Nullable String remedy,
        @Nullable String correlationId,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ProblemItem> errors,
        @Nullable Long actualVersion) {
    public ProblemDetails {
        errors = Copy.of(errors);
    }

    public ProblemDetails withStatus(int newStatus) {
        return new ProblemDetails(type, title, newStatus, code, detail, remedy, correlationId, errors, actualVersion);
    }
}
