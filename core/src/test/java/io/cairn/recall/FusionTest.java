package io.cairn.recall;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.passage.Kind;
import io.cairn.passage.PassageRef;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FusionTest {
    private static final RecallSettings SETTINGS = RecallSettings.defaults();

    @Test
    void nothingIsLentToAMessageThatHasNothingOfTheQuery() {
        var ranked = fusion("rocket")
                .rank(List.of(found(message(2, "Ana"), .9), found(message(1, "Ben"), .05)), List.of(), Set.of());

        assertThat(ranked.getLast().ref().number()).isEqualTo(1);
        assertThat(ranked.getLast().boosts()).isEmpty();
    }

    @Test
    void aMessageThatFitsItselfIsLentOfTheNextOne() {
        var ranked = fusion("rocket")
                .rank(List.of(found(message(2, "Ana"), .9), found(message(1, "Ben"), .8)), List.of(), Set.of());

        assertThat(ranked.getLast().boosts()).containsKey("next");
    }

    @Test
    void ofMessagesOfOneSpeakerThatFitAlikeTheLaterOneComesFirst() {
        var lexical =
                List.of(found(message(1, "Ana"), .600), found(message(9, "Ben"), .55), found(message(5, "Ana"), .600));

        assertThat(numbers(fusion("When is the release?").rank(lexical, List.of(), Set.of())))
                .containsExactly(5L, 1L, 9L);
        assertThat(numbers(fusion("When is the release?")
                        .rank(List.of(lexical.get(0), lexical.get(2)), List.of(), Set.of())))
                .containsExactly(5L, 1L);
    }

    @Test
    void aLaterOneThatFitsLessStaysBehind() {
        var lexical = List.of(found(message(1, "Ana"), .7), found(message(5, "Ana"), .6));

        assertThat(numbers(fusion("When is the release?").rank(lexical, List.of(), Set.of())))
                .containsExactly(1L, 5L);
    }

    @Test
    void idsThatAreMerelyAlikeAreNotRelevant() {
        var query = "550e8400-e29b-41d4-a716-446655440000";
        var lexical = IntStream.range(1, 7)
                .mapToObj(i -> found(message(10L * i, null), i == 1 ? 1 : .3))
                .toList();
        var dense = IntStream.range(1, 7)
                .mapToObj(i -> found(message(10L * i, null), .95))
                .toList();

        var ranked = fusion(query).rank(lexical, dense, Set.of());

        assertThat(ranked.getFirst().ref().number()).isEqualTo(10);
        assertThat(ranked.getFirst().relevance()).isGreaterThan(.99);
        assertThat(ranked.subList(1, 6))
                .allSatisfy(other -> assertThat(other.relevance())
                        .isLessThan(SETTINGS.relevance().fits()));
    }

    @Test
    void onlyWordsWithDigitsAreExact() {
        assertThat(shareOf("What is due?")).isZero();
        assertThat(shareOf("48,250")).isEqualTo(1);
        assertThat(shareOf("May 2023 ...")).isEqualTo(4.0 / 7);
        assertThat(shareOf("🚀")).isZero();
    }

    private static double shareOf(String query) {
        return Exact.of(query).share();
    }

    @Test
    void whatIsExactIsFoundWhereItStandsAsItIsAskedFor() {
        assertThat(Exact.of("INC-4471").found("Incident inc-4471: the export hung."))
                .isEqualTo(1);
        assertThat(Exact.of("INC-4472").found("Incident INC-4471: the export hung."))
                .isZero();
        assertThat(Exact.of("INC-447").found("Incident INC-4471: the export hung."))
                .isZero();
        assertThat(Exact.of("(4.12.3)?").found("Deploy 4.12.3 was rolled back."))
                .isEqualTo(1);
        assertThat(Exact.of("what is ORD-1007?").found("`ORD-1007` means shipped."))
                .isEqualTo(7.0 / 13);
        assertThat(Exact.of("room 12").found("12 apples")).isZero();
        assertThat(Exact.of("???").found("anything")).isZero();
    }

    private static Fusion fusion(String query) {
        return new Fusion(SETTINGS, query, Set.of());
    }

    private static List<Long> numbers(List<Fusion.Ranked> ranked) {
        return ranked.stream().map(passage -> passage.ref().number()).toList();
    }

    private static Candidate found(PassageRef ref, double score) {
        return new Candidate(ref, score);
    }

    private static PassageRef message(long number, @Nullable String speaker) {
        return new PassageRef(
                Kind.MESSAGE, "chat", number, 0, 0, 10, speaker, 1, number * 1_000_000, "en", List.of(), 0);
    }
}
