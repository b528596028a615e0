package io.cairn.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.follow.FollowSettings;
import io.cairn.follow.ParkedKeys;
import io.cairn.follow.Skipped;
import io.cairn.follow.TryAgainException;
import io.cairn.row.RowKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What an index cannot take in waits, on every storage, and is retried or skipped.
public abstract class IndexParkingContract extends IndexFixture {
    @Test
    void aPayloadThatCannotBeUpcastParksTheStreamOfWhoeverNeedsIt() {
        say("a", "one");
        say("b", "unreadable");
        say("c", "two");
        host.step();

        assertThat(host.current().visibleWords()).containsExactly("one", "two");
        assertThat(host.health().eventsBehind()).isZero();
        assertThat(host.parked(ACME, null, 10)).singleElement().satisfies(parked -> {
            assertThat(parked.key()).isEqualTo("thing/b");
            assertThat(parked.error()).contains("thing.said of version 1 cannot be read: there is a word at /word");
        });
    }

    @Test
    void aPoisonEventParksItsStreamAndTheRestGoesOn() {
        poison.add("bad");
        say("a", "one");
        say("b", "bad");
        say("c", "two");
        say("b", "after bad");
        host.step();

        assertThat(host.current().visibleWords()).containsExactly("one", "two");
        assertThat(host.parked(ACME, null, 10)).singleElement().satisfies(parked -> {
            assertThat(parked.key()).isEqualTo("thing/b");
            assertThat(parked.version()).isEqualTo(1);
            assertThat(parked.eventType()).isEqualTo("thing.said");
            assertThat(parked.eventId()).isEqualTo(first("b").id());
            assertThat(parked.error()).contains("cannot take bad");
            assertThat(parked.attempts()).isEqualTo(1);
        });
        assertThat(host.health().eventsBehind()).isZero();
    }

    @Test
    void aParkedStreamIsAppliedInOrderOnceItCanBe() {
        poison.add("bad");
        say("b", "bad");
        say("b", "after bad");
        host.step();

        assertThat(host.retry(ACME, "thing/b")).isZero();
        assertThat(host.parked(ACME, null, 10).getFirst().attempts()).isEqualTo(2);

        poison.clear();
        assertThat(host.retry(ACME, null)).isEqualTo(1);
        assertThat(host.current().visibleWords()).containsExactly("bad", "after bad");
        assertThat(host.parked(ACME, null, 10)).isEmpty();

        say("b", "more");
        host.step();
        assertThat(host.current().visibleWords()).containsExactly("bad", "after bad", "more");
    }

    @Test
    void aSkippedStreamGoesOnWithoutWhatItHeldThen() {
        poison.add("bad");
        say("b", "bad");
        say("b", "after bad");
        host.step();
        say("b", "not reached yet");

        assertThat(host.skip(CONTEXT, "thing/b")).isEqualTo(new Skipped.Done(3));
        say("b", "new");
        host.step();

        assertThat(host.parked(ACME, null, 10)).isEmpty();
        assertThat(host.current().visibleWords()).containsExactly("new");
        assertThat(host.health().eventsBehind()).isZero();
    }

    @Test
    void whatWasSkippedStaysSkippedAfterACrashAndInARebuild() {
        poison.add("bad");
        say("a", "one");
        say("b", "bad");
        host.step();
        host.skip(CONTEXT, "thing/b");
        say("b", "two");

        generations.current().projection().crash();
        host = host();
        host.step();
        assertThat(host.current().visibleWords()).containsExactly("one", "two");

        host.rebuild();
        host.step();
        assertThat(host.health().generation()).isEqualTo(2);
        assertThat(host.current().visibleWords()).containsExactly("one", "two");
        assertThat(host.parked(ACME, null, 10)).isEmpty();
    }

    @Test
    void onlyAParkedStreamCanBeSkipped() {
        say("a", "one");
        host.step();

        assertThat(host.skip(CONTEXT, "thing/a")).isEqualTo(new Skipped.NotParked());
        assertThat(host.skip(new Context(new Tenant("other"), "tester", "corr"), "thing/a"))
                .isEqualTo(new Skipped.NotParked());
    }

    @Test
    void aParkedStreamStaysParkedAfterARestart() {
        poison.add("bad");
        say("b", "bad");
        host.step();
        clock.advance(Duration.ofSeconds(10));
        host.step();

        host = host();
        say("b", "later");
        host.step();

        assertThat(host.current().visibleWords()).isEmpty();
        assertThat(host.parked(ACME, null, 10)).hasSize(1);
    }

    @Test
    void whatStoodBeforeAParkedEventComesAgainAfterACrash() {
        poison.add("bad");
        say("b", "one");
        say("b", "bad");
        host.step();
        assertThat(host.parked(ACME, null, 10)).hasSize(1);

        generations.current().projection().crash();
        host = host();
        host.step();

        assertThat(host.current().visibleWords()).containsExactly("one");
        poison.clear();
        assertThat(host.retry(ACME, null)).isEqualTo(1);
        assertThat(host.current().visibleWords()).containsExactly("one", "bad");
    }

    @Test
    void whatARetryTookInBeforeItFailedAgainSurvivesACrash() {
        poison.addAll(Set.of("bad", "worse"));
        say("b", "bad");
        say("b", "worse");
        host.step();
        clock.advance(Duration.ofSeconds(10));
        host.step();
        poison.remove("bad");
        assertThat(host.retry(ACME, null)).isZero();
        assertThat(host.parked(ACME, null, 10).getFirst().version()).isEqualTo(2);

        generations.current().projection().crash();
        host = host();
        poison.clear();
        host.step();

        assertThat(host.retry(ACME, null)).isEqualTo(1);
        assertThat(host.current().visibleWords()).containsExactly("bad", "worse");
    }

    @Test
    void whyAStreamIsParkedIsKeptSealedSinceItMayQuoteTheEvent() {
        poison.add("bad");
        say("a", "bad");
        host.step();

        assertThat(host.parked(ACME, null, 10).getFirst().error()).contains("cannot take bad");
        var row = log.read(ACME, view -> view.rows(ParkedKeys.TABLE, new RowKey(List.of()), null, 10))
                .getFirst();
        assertThat(row.text("error")).startsWith("sealed:").doesNotContain("bad");
    }

    @Test
    void whatIsNoFaultOfTheEventIsTriedAgainAndParksNothing() {
        generations.current().projection().unwell = true;
        say("a", "one");

        assertThatThrownBy(host::step).isInstanceOf(TryAgainException.class);
        assertThat(host.health().failure())
                .hasValueSatisfying(failure -> assertThat(failure).contains("disk"));

        generations.current().projection().unwell = false;
        host.step();
        assertThat(host.current().visibleWords()).containsExactly("one");
        assertThat(host.parked(ACME, null, 10)).isEmpty();
    }

    @Test
    void aPoisonEventInABatchThatWasReadAheadParksItsStreamAndTheRestGoesOn() {
        host = host(FollowSettings.defaults().batchesOf(LARGE));
        var said = sayMany(ACME, 3 * LARGE);
        // In the midst of the second batch.
        int bad = LARGE + LARGE / 2;
        poison.add(said.get(bad));
        var parked = IntStream.range(0, said.size())
                .filter(i -> i % STREAMS == bad % STREAMS && i >= bad)
                .mapToObj(said::get)
                .toList();
        stepUntilIdle();

        var expected = new ArrayList<>(said);
        expected.removeAll(parked);
        assertThat(host.current().visibleWords()).containsExactlyElementsOf(expected);
        assertThat(host.parked(ACME, null, 10))
                .singleElement()
                .satisfies(stream -> assertThat(stream.key()).isEqualTo("thing/s" + bad % STREAMS));
    }
}
