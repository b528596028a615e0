package io.cairn.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a reaction did goes along when the log moves, and so does how far it had come: nothing has its effects twice,
/// and nothing is left out.
class CarriedReactionsTest {
    private static final Tenant ACME = new Tenant("acme");

    private final HearingLogs logs = new HearingLogs();

    @AfterEach
    void close() {
        logs.close();
    }

    static Stream<Named<HearingLogs.Move>> moves() {
        return Stream.of(Named.of("export and import", HearingLogs::exported), Named.of("copy", HearingLogs::copied));
    }

    @ParameterizedTest
    @MethodSource("moves")
    void whatHadItsEffectsDoesNotHaveThemAgain(HearingLogs.Move move) {
        var source = logs.open("source", 2);
        source.say(ACME, "a", "x", "y", "x");
        source.follow();

        var target = move.to(logs, source, logs.open("target", 3));
        target.follow();

        assertThat(target.heard(ACME)).isEqualTo(Map.of("x", 2L, "y", 1L));
        target.say(ACME, "b", "x");
        target.follow();
        assertThat(target.heard(ACME)).isEqualTo(Map.of("x", 3L, "y", 1L));
    }

    @ParameterizedTest
    @MethodSource("moves")
    void whatWasStillToComeHasItsEffectsThen(HearingLogs.Move move) {
        var source = logs.open("source", 2);
        source.say(ACME, "a", "x");
        source.follow();
        source.say(ACME, "a", "x", "y");

        var target = move.to(logs, source, logs.open("target", 1));
        target.follow();

        assertThat(target.heard(ACME)).isEqualTo(Map.of("x", 2L, "y", 1L));
    }

    @ParameterizedTest
    @MethodSource("moves")
    void ofManyTenantsEachGoesOnWhereItWas(HearingLogs.Move move) {
        var tenants = IntStream.range(0, 9).mapToObj(i -> new Tenant("t" + i)).toList();
        var source = logs.open("source", 3);
        tenants.forEach(tenant -> source.say(tenant, "a", "x", "x"));
        source.follow();
        tenants.subList(0, 4).forEach(tenant -> source.say(tenant, "a", "x"));

        var target = move.to(logs, source, logs.open("target", 2));
        target.follow();

        tenants.subList(0, 4).forEach(tenant -> assertThat(target.heard(tenant)).isEqualTo(Map.of("x", 3L)));
        tenants.subList(4, 9).forEach(tenant -> assertThat(target.heard(tenant)).isEqualTo(Map.of("x", 2L)));
    }

    @ParameterizedTest
    @MethodSource("moves")
    void aStreamThatWasParkedStaysParkedAndIsRetriedThere(HearingLogs.Move move) {
        var source = logs.open("source", 2);
        source.poison("bad");
        source.say(ACME, "a", "x", "bad", "y");
        source.say(ACME, "b", "y");
        source.follow();

        var target = move.to(logs, source, logs.open("target", 1));
        assertThat(target.reaction().parked(ACME, null, 10))
                .singleElement()
                .satisfies(parked -> assertThat(parked.version()).isEqualTo(2));
        target.follow();
        assertThat(target.heard(ACME)).isEqualTo(Map.of("x", 1L, "y", 1L));

        assertThat(target.reaction().retry(ACME, null)).isEqualTo(1);
        assertThat(target.heard(ACME)).isEqualTo(Map.of("x", 1L, "y", 2L, "bad", 1L));
    }

    @ParameterizedTest
    @MethodSource("moves")
    void aParkedStreamThatIsRetriedBeforeAnythingElseIsNotLost(HearingLogs.Move move) {
        var source = logs.open("source", 2);
        source.poison("bad");
        source.say(ACME, "a", "bad", "y");
        source.follow();
        source.say(ACME, "a", "z");

        var target = move.to(logs, source, logs.open("target", 1));
        target.beat();
        assertThat(target.reaction().retry(ACME, null)).isEqualTo(1);
        target.follow();

        assertThat(target.heard(ACME)).isEqualTo(Map.of("bad", 1L, "y", 1L, "z", 1L));
    }

    @ParameterizedTest
    @MethodSource("moves")
    void oneThatBeganAtTheEndDoesNotBeginAgain(HearingLogs.Move move) {
        logs.beginAtTheEnd();
        var source = logs.open("source", 2);
        source.say(ACME, "a", "old");
        source.say(new Tenant("quiet"), "a", "old");
        source.follow();
        source.say(ACME, "a", "new");
        source.follow();
        source.say(ACME, "a", "waiting");
        source.say(new Tenant("quiet"), "a", "waiting");

        var target = move.to(logs, source, logs.open("target", 3));
        target.follow();

        assertThat(target.heard(ACME)).isEqualTo(Map.of("new", 1L, "waiting", 1L));
        assertThat(target.heard(new Tenant("quiet"))).isEqualTo(Map.of("waiting", 1L));
    }

    @Test
    void aLogMovesAsOftenAsItMust() {
        var at = logs.open("log0", 1);
        for (int move = 1; move <= 4; move++) {
            at.say(ACME, "a", "x");
            at.follow();
            at.say(ACME, "b", "x");
            at = HearingLogs.exported(logs, at, logs.open("log" + move, 1 + move % 3));
        }
        at.follow();

        assertThat(at.heard(ACME)).isEqualTo(Map.of("x", 8L));
    }

    @Test
    void anImportThatIsDoneTwiceChangesNothing() {
        var source = logs.open("source", 2);
        source.say(ACME, "a", "x");
        source.follow();
        source.say(ACME, "a", "x");
        var target = logs.open("target", 1);

        for (int times = 0; times < 2; times++) {
            HearingLogs.exported(logs, source, target);
            target.follow();
        }

        assertThat(target.heard(ACME)).isEqualTo(Map.of("x", 2L));
        assertThat(List.copyOf(target.reaction().parked(ACME, null, 10))).isEmpty();
    }
}
