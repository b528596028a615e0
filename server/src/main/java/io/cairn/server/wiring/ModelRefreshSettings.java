package io.cairn.server.wiring;

import io.cairn.refresh.RefreshBudget;
import io.cairn.refresh.RefreshRule;
import io.cairn.refresh.RefreshSettings;
import io.cairn.task.CronExpression;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How the embedding model is changed; `cairn.models.refresh`.
///
/// @param cron when a change begins by itself, if the index that answers is outdated; `-` for never
/// @param textsPerMinute that are embedded at most; 0 for as fast as the model goes
/// @param costMax what a change may cost, in the currency of the prices; it waits where it would cost more
/// @param tokensMax that the new model may read for it
/// @param batch texts that are embedded together
/// @param sample of the queries that were asked last, kept in memory to compare by; 0 for none
/// @param questions a file of judged questions
/// @param queriesMin asked queries that are needed where no question is judged
/// @param overlapMin the least overlap of the ten best hits, where no question is judged
/// @param recallLossMax how much less of the judged sources the new index may find
/// @param slowerTimesMax how many times as long 95 of 100 queries may take
/// @param slowerByMax or how much longer, whichever is more
public record ModelRefreshSettings(
        @DefaultValue("0 3 * * SUN") String cron,
        @DefaultValue("UTC") ZoneId zone,
        @DefaultValue("0") int textsPerMinute,
        @Nullable BigDecimal costMax,
        @Nullable Long tokensMax,
        @DefaultValue("100") int batch,
        @DefaultValue("200") int sample,
        @Nullable Path questions,
        @DefaultValue("20") int queriesMin,
        @DefaultValue("0.5") double overlapMin,
        @DefaultValue("0.02") double recallLossMax,
        @DefaultValue("2") double slowerTimesMax,
        @DefaultValue("200ms") Duration slowerByMax) {
    static final String NEVER = "-";

    public ModelRefreshSettings {
        if (sample < 0 || sample > 10_000) {
            throw new IllegalArgumentException("cairn.models.refresh.sample is 0 to 10000; found " + sample);
        }
        try {
            if (!cron.equals(NEVER)) {
                CronExpression.parse(cron);
            }
            settings(
                    textsPerMinute,
                    batch,
                    questions,
                    new RefreshRule(queriesMin, overlapMin, recallLossMax, slowerTimesMax, slowerByMax),
                    budget(costMax, tokensMax, BigDecimal.ZERO, ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cairn.models.refresh: " + e.getMessage(), e);
        }
    }

    CronExpression expression() {
        return CronExpression.parse(cron);
    }

    /// @param price of a million tokens that the new model reads
    RefreshSettings settings(BigDecimal price, String currency) {
        return settings(
                textsPerMinute,
                batch,
                questions,
                new RefreshRule(queriesMin, overlapMin, recallLossMax, slowerTimesMax, slowerByMax),
                budget(costMax, tokensMax, price, currency));
    }

    private static RefreshBudget budget(
            @Nullable BigDecimal costMax, @Nullable Long tokensMax, BigDecimal price, String currency) {
        return new RefreshBudget(price, currency, Optional.ofNullable(costMax), Optional.ofNullable(tokensMax));
    }

    private static RefreshSettings settings(
            int textsPerMinute, int batch, @Nullable Path questions, RefreshRule rule, RefreshBudget budget) {
        return new RefreshSettings(batch, textsPerMinute, Optional.ofNullable(questions), rule, budget);
    }
}
