package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.Models;
import io.cairn.client.wire.CacheInvalidated;
import io.cairn.client.wire.ModelsStatus;
import io.cairn.client.wire.RefreshComparison;
import io.cairn.client.wire.RefreshEstimate;
import io.cairn.client.wire.RefreshStatus;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows which embedding model answers, and changes it.
@Command(description = "Show the embedding model, and change it while the server answers.")
final class ModelsCommand implements Callable<Integer> {
    private static final long POLL_MS = 500;
    private static final String REFUSED = "refused";
    private static final String ESTIMATING = "estimating";

    private final Shell shell;

    ModelsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return status();
    }

    @Command(name = "status", description = "Show which model answers, and how far a change is.")
    int status() {
        return told(cairn -> cairn.models().status());
    }

    @Command(name = "refresh", description = "Build an index of the configured model, compare both, then switch.")
    int refresh(
            @Option(names = "--accept", description = "Switch whatever the comparison says.") boolean accept,
            @Option(
                            names = "--estimate",
                            description = "Only work out what it would take: texts, tokens, cost and time. One batch of"
                                    + " texts is embedded for that.")
                    boolean estimate,
            @Option(names = "--no-wait", description = "Return at once instead of following the progress.")
                    boolean noWait)
            throws InterruptedException {
        try (Cairn cairn = shell.cairn()) {
            Models models = cairn.models();
            return followed(cairn, estimate ? models.estimate() : models.refresh(accept), noWait);
        }
    }

    @Command(name = "rollback", description = "Go back to the index of the former model.")
    int rollback(
            @Option(names = "--no-wait", description = "Return at once instead of following the progress.")
                    boolean noWait)
            throws InterruptedException {
        try (Cairn cairn = shell.cairn()) {
            return followed(cairn, cairn.models().rollback(), noWait);
        }
    }

    @Command(name = "pause", description = "Let a change of the model rest.")
    int pause() {
        return told(cairn -> cairn.models().pause());
    }

    @Command(name = "resume", description = "Let it go on.")
    int resume() {
        return told(cairn -> cairn.models().resume());
    }

    @Command(name = "cancel", description = "Give up a change of the model; what was embedded is kept.")
    int cancel() {
        return told(cairn -> cairn.models().cancel());
    }

    @Command(
            name = "invalidate",
            description =
                    "Remove the vectors of models from the cache, for all tenants; what is needed is embedded anew.")
    int invalidate(
            @Parameters(paramLabel = "MODEL", description = "A name, or a beginning of names with * behind it.")
                    String model) {
        try (Cairn cairn = shell.cairn()) {
            CacheInvalidated removed = cairn.models().invalidate(model);
            if (shell.json()) {
                shell.printJson(removed);
            } else {
                Table table = new Table("LEVEL", "VECTORS REMOVED");
                table.row("memory", removed.memory());
                table.row("redis", Table.orDash(removed.redis()));
                table.row("store", removed.store());
                table.lines().forEach(shell::print);
            }
            return Exit.GOOD;
        }
    }

    private int told(Function<Cairn, ModelsStatus> what) {
        try (Cairn cairn = shell.cairn()) {
            return tell(what.apply(cairn));
        }
    }

    private int followed(Cairn cairn, ModelsStatus begun, boolean noWait) throws InterruptedException {
        ModelsStatus now = begun;
        if (!noWait && isUnderWay(now)) {
            now = estimated(cairn, now);
            try (Progress progress = shell.progress("changing the model", "texts", -1)) {
                while (isUnderWay(now)) {
                    RefreshStatus refresh = now.refresh();
                    if (refresh != null && refresh.total() > 0) {
                        progress.total(refresh.total());
                        progress.to(refresh.done());
                    }
                    Thread.sleep(POLL_MS);
                    now = cairn.models().status();
                }
            }
        }
        return tell(now);
    }

    /// Says what it will take, before it is waited for.
    private ModelsStatus estimated(Cairn cairn, ModelsStatus begun) throws InterruptedException {
        ModelsStatus now = begun;
        while (isUnderWay(now) && isEstimating(now)) {
            Thread.sleep(POLL_MS);
            now = cairn.models().status();
        }
        RefreshStatus refresh = now.refresh();
        if (isUnderWay(now) && refresh != null && refresh.estimate() != null) {
            shell.note("It will take about " + estimate(refresh.estimate()));
        }
        return now;
    }

    private static boolean isEstimating(ModelsStatus now) {
        RefreshStatus refresh = now.refresh();
        return refresh != null && refresh.phase().equals(ESTIMATING);
    }

    /// One that is paused is not waited for.
    private static boolean isUnderWay(ModelsStatus now) {
        RefreshStatus refresh = now.refresh();
        return refresh != null && refresh.underWay() && !refresh.paused();
    }

    private int tell(ModelsStatus status) {
        RefreshStatus refresh = status.refresh();
        boolean refused = refresh != null && refresh.phase().equals(REFUSED) && status.outdated();
        if (shell.json()) {
            shell.printJson(status);
            return refused ? Exit.REFUSED : Exit.GOOD;
        }
        boolean absent = Boolean.TRUE.equals(status.absent());
        shell.print((absent ? "Made by    " : "Answering  ") + status.answering());
        shell.print("Wanted     " + (status.outdated() ? status.wanted() : "the same"));
        if (status.former() != null) {
            shell.print("Former     " + status.former() + ": cairn models rollback");
        }
        if (refresh != null) {
            shell.print("Change     " + change(refresh));
            RefreshEstimate estimate = refresh.estimate();
            if (estimate != null) {
                shell.print("Estimate   " + estimate(estimate));
            }
            if (refresh.tokens() > 0) {
                shell.print("Taken      %d tokens".formatted(refresh.tokens()));
            }
            RefreshComparison comparison = refresh.comparison();
            if (comparison != null) {
                shell.print("Compared   " + compared(comparison));
            }
        }
        if (absent) {
            shell.note(
                    "The server cannot run the model that made the index, so that words answer alone. With that model"
                            + " back (cairn.models.former-embedding) the index answers again.");
        }
        if (status.outdated() && (refresh == null || !refresh.underWay())) {
            shell.note(
                    refused
                            ? "The old index goes on to answer. To switch all the same: cairn models refresh --accept"
                            : "To change the model: cairn models refresh");
        }
        return refused ? Exit.REFUSED : Exit.GOOD;
    }

    private static String change(RefreshStatus refresh) {
        StringBuilder told = new StringBuilder(refresh.phase().replace('_', ' '));
        if (refresh.paused()) {
            told.append(", paused");
        }
        if (refresh.total() > 0) {
            told.append(", %d of %d texts".formatted(refresh.done(), refresh.total()));
        }
        if (refresh.reason() != null) {
            told.append(": ").append(refresh.reason());
        }
        return told.toString();
    }

    private static String estimate(RefreshEstimate found) {
        return "%d texts, %d tokens, %s %s, %s"
                .formatted(
                        found.texts(),
                        found.tokens(),
                        found.cost().stripTrailingZeros().toPlainString(),
                        found.currency(),
                        time(Math.round(found.seconds())));
    }

    private static String time(long seconds) {
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = Math.round(seconds / 60.0);
        return minutes < 120 ? minutes + " min" : Math.round(minutes / 60.0) + " h";
    }

    private static String compared(RefreshComparison found) {
        String judged = found.judged() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; of %d judged questions' sources %.3f before, %.3f after",
                        found.judged(),
                        found.recallBefore(),
                        found.recallAfter());
        return String.format(
                Locale.ROOT,
                "%.0f %% of the ten best hits of %d queries are the same%s; 95 of 100 queries within %.1f ms before,"
                        + " %.1f ms after",
                100 * found.overlap(),
                found.queries(),
                judged,
                found.p95BeforeMs(),
                found.p95AfterMs());
    }
}
