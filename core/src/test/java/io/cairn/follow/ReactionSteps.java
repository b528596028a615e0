package io.cairn.follow;

/// Steps of a reaction that has no thread, for a scheduler in another package.
public final class ReactionSteps {
    private ReactionSteps() {}

    public static boolean step(RunningReaction reaction) {
        return reaction.step();
    }
}
