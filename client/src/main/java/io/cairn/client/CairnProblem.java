package io.cairn.client;

import io.cairn.client.wire.ProblemDetails;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The server understood the call and refused it.
public final class CairnProblem extends CairnException {
    private static final long serialVersionUID = 1;

    private final transient ProblemDetails problem;

    CairnProblem(ProblemDetails problem) {
        super(message(problem), null);
        this.problem = problem;
    }

    public ProblemDetails problem() {
        return problem;
    }

    public int status() {
        return problem.status();
    }

    /// The stable word for what happened, such as `id_reused`; `http_` and the status where the answer
    /// had none.
    public String code() {
        String code = problem.code();
        return code == null ? "http_" + problem.status() : code;
    }

    private static String message(ProblemDetails problem) {
        return Stream.of(problem.title(), problem.detail(), problem.remedy())
                .filter(part -> part != null && !part.isBlank())
                .map(part -> part.endsWith(".") ? part : part + ".")
                .distinct()
                .collect(Collectors.joining(" "));
    }
}
