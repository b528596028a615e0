package io.cairn.cli;

import io.cairn.client.CairnException;
import io.cairn.client.CairnProblem;
import io.cairn.client.CairnUnintelligible;
import io.cairn.client.CairnUnreachable;
import io.cairn.client.wire.ProblemItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns what went wrong into one line that says what to do, and an exit code.
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private static final int ITEMS_SHOWN = 20;

    private final Shell shell;

    Failures(Shell shell) {
        this.shell = shell;
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        return tell(Exit.USAGE, "usage", sentence(wrong) + " See: " + command + " --help");
    }

    private static String sentence(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String meant =
                    String.join("", unmatched.getSuggestions().stream().limit(1).toList());
            String words = String.join(" ", unmatched.getUnmatched());
            return "'" + words + "' is not understood." + (meant.isEmpty() ? "" : " Did you mean " + meant + "?");
        }
        String message = String.valueOf(wrong.getMessage());
        return message.endsWith(".") ? message : message + ".";
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        return switch (failure) {
            case ParameterException wrong -> handleParseException(wrong, new String[0]);
            case CairnException refused -> tell(refused);
            case UncheckedIOException unchecked when unchecked.getCause() != null -> tell(unchecked.getCause());
            case IOException broken -> tell(broken);
            case IllegalArgumentException wrong -> tell(Exit.USAGE, "usage", String.valueOf(wrong.getMessage()));
            default -> throw failure;
        };
    }

    private int tell(CairnException failure) {
        return switch (failure) {
            case CairnUnreachable unreachable
            when unreachable.nothingWasSent() -> tell(Exit.UNREACHABLE, "unreachable", nobodyAnswers(shell));
            case CairnUnreachable unreachable -> tell(Exit.UNREACHABLE, "unreachable", text(unreachable));
            case CairnUnintelligible unintelligible -> tell(Exit.UNREACHABLE, "unintelligible", text(unintelligible));
            case CairnProblem problem -> tell(problem);
        };
    }

    static String nobodyAnswers(Shell shell) {
        return "No Cairn answers at " + shell.connection().server() + ". Start one with: ./cairn serve";
    }

    private int tell(CairnProblem problem) {
        tell(Exit.REFUSED, problem.code(), explained(problem, shell));
        problem.problem().errors().stream().limit(ITEMS_SHOWN).forEach(item -> shell.note("  " + text(item)));
        int more = problem.problem().errors().size() - ITEMS_SHOWN;
        if (more > 0) {
            shell.note("  … and " + more + " more");
        }
        return Exit.REFUSED;
    }

    /// A problem in one line, with what to do about the key where that is what is wrong.
    static String explained(CairnProblem problem, Shell shell) {
        String text = text(problem);
        String correlation = problem.problem().correlationId();
        return Stream.of(
                        text,
                        problem.status() == 401 ? shell.connection().keyAdvice() : "",
                        correlation == null ? "" : "(correlation id " + correlation + ")")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }

    static String text(ProblemItem item) {
        String where = item.field() == null ? "" : item.field() + ": ";
        String found = item.found() == null ? "" : ", found " + item.found();
        String allowed = item.allowed() == null ? "" : ", allowed is " + item.allowed();
        return (item.index() == null ? "" : "[" + item.index() + "] ") + where + item.detail() + found + allowed;
    }

    private int tell(IOException failure) {
        String what = switch (failure) {
            case NoSuchFileException missing -> missing.getFile() + " does not exist.";
            case AccessDeniedException denied -> denied.getFile() + " may not be read or written.";
            default -> text(failure);
        };
        return tell(Exit.REFUSED, "io", what);
    }

    private static String text(Exception failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private int tell(int exit, String code, String message) {
        shell.note(shell.styled("fg(red)", "cairn: ") + message);
        if (shell.json()) {
            shell.printJson(Map.of("error", Map.of("code", code, "message", message)));
        }
        return exit;
    }
}
