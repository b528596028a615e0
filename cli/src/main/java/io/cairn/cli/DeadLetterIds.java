package io.cairn.cli;

import java.util.List;
import picocli.CommandLine.Parameters;

/// The dead letters that a command names, if it names any.
final class DeadLetterIds {
    @Parameters(
            paramLabel = "ID",
            arity = "0..*",
            description = "One or several. Without: all that fit, 1000 a call if --limit does not say otherwise.")
    List<String> ids = List.of();
}
