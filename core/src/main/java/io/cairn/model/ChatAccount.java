package io.cairn.model;

import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// What one call of a chat model takes, which is charged once: as its provider tells, or by an estimate.
///
/// Of a whole answer that was given up nobody knows how long it became, so that it counts as long as it might be. Of a
/// stream what was said is known, and the first piece's form tells how much of a piece is not text.
final class ChatAccount {
    private static final int CHARACTERS_PER_TOKEN = 4;

    private final Charge charge;
    private final ObjectNode request;
    private final int outputTokens;
    private final Consumer<Usage> used;
    private Usage told = Usage.UNKNOWN;
    private long pieces;
    private long characters;
    private int shortest = Integer.MAX_VALUE;
    private boolean over;

    /// @param used is told what was charged
    ChatAccount(Charge charge, ObjectNode request, int outputTokens, Consumer<Usage> used) {
        this.charge = charge;
        this.request = request;
        this.outputTokens = outputTokens;
        this.used = used;
    }

    void answered(ChatAnswer answer) {
        var usage = answer.usage();
        settle(
                usage.equals(Usage.UNKNOWN)
                        ? TokenEstimate.probably(request, answer.body().length() / CHARACTERS_PER_TOKEN)
                        : usage);
    }

    /// There is no answer, or none that began.
    synchronized void failed(RuntimeException failure) {
        if (over) {
            return;
        }
        over = true;
        charge.failed(
                failure,
                TokenEstimate.probably(
                        request, TokenEstimate.most(request, outputTokens).output()));
    }

    synchronized void said(ChatPiece piece) {
        piece.usage().ifPresent(usage -> told = usage);
        if (piece.content()) {
            pieces++;
            characters += piece.data().length();
            shortest = Math.min(shortest, piece.data().length());
        }
    }

    /// The stream came to its end.
    void whole() {
        settle(told.equals(Usage.UNKNOWN) ? soFar() : told);
    }

    /// The stream was closed; if it had not come to its end nobody told what it took.
    void brokenOff() {
        settle(soFar());
    }

    private synchronized Usage soFar() {
        long output = pieces == 0 ? 0 : Math.max(pieces, (characters - pieces * shortest) / CHARACTERS_PER_TOKEN);
        var probably = TokenEstimate.probably(request, output);
        return new Usage(
                told.input() == 0 ? probably.input() : told.input(),
                Math.max(told.output(), output),
                true,
                told.cached());
    }

    private synchronized void settle(Usage usage) {
        if (!over) {
            over = true;
            charge.settle(usage);
            used.accept(usage);
        }
    }
}
