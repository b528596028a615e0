package io.cairn.adapter.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class KeptKeyTest {
    private static final Duration KEEP = Duration.ofMinutes(5);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile @Nullable String held = "old";
    private final ProviderKey key = ProviderKey.from(this::read, KEEP, nanos::get);

    private String read() throws IOException {
        asked.incrementAndGet();
        var now = held;
        if (now == null) {
            throw new IOException("the service is away");
        }
        return now;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void theServiceIsAskedOnceHoweverManyCallersThereAre() throws Exception {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Optional<String>>>();
            for (int i = 0; i < 50; i++) {
                answers.add(callers.submit(key::value));
            }
            for (var answer : answers) {
                assertThat(answer.get()).contains("old");
            }
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void aKeyThatIsOldIsUsedUntilAnotherOneIsThere() throws IOException {
        key.value();
        held = "new";
        pass(KEEP.plusSeconds(1));

        assertThat(key.value()).isPresent();
        await().untilAsserted(() -> assertThat(key.value()).contains("new"));
        assertThat(asked).hasValue(2);
    }

    @Test
    void aKeyThatIsKnownStaysInUseWhileTheServiceIsAway() throws IOException {
        key.value();
        held = null;
        pass(KEEP.plusSeconds(1));

        assertThat(key.value()).contains("old");
        await().until(() -> asked.get() == 2);
        assertThat(key.value()).contains("old");
    }

    @Test
    void aRefusedKeyIsAskedForAtOnceAndNotAgainAndAgain() throws IOException {
        var old = key.value();
        pass(KeptKey.REST.plusSeconds(1));
        held = "new";

        assertThat(key.isRenewed(old)).isTrue();
        assertThat(key.isRenewed(old)).as("by the caller before").isTrue();
        assertThat(asked).hasValue(2);
        assertThat(key.isRenewed(Optional.of("new"))).isFalse();
        assertThat(asked).hasValue(2);
        assertThat(key.value()).contains("new");
    }

    @Test
    void aRefusedKeyIsAskedForOnceHoweverManyCallsWereUnderWay() throws Exception {
        var old = key.value();
        pass(KeptKey.REST.plusSeconds(1));
        held = "new";

        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < 20; i++) {
                answers.add(callers.submit(() -> key.isRenewed(old)));
            }
            for (var answer : answers) {
                assertThat(answer.get()).isTrue();
            }
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void whereTheFirstKeyCannotBeHadCallersAreToldSoAndTheServiceIsLeftAloneForAWhile() throws IOException {
        held = null;
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(key::value).isInstanceOf(IOException.class).hasMessage("the service is away");
        }
        assertThat(asked).hasValue(1);

        held = "new";
        pass(KeptKey.REST);
        assertThat(key.value()).contains("new");
    }

    @Test
    void aKeyShowsNowhere() throws IOException {
        key.value();
        assertThat(key.toString()).doesNotContain("old");
        assertThat(ProviderKey.of("sk-1").toString()).doesNotContain("sk-1");
    }
}
