package io.cairn.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class AllowancesTest {
    private static final Context ANA = caller("acme", "ana");
    private static final Context BOB = caller("acme", "bob");
    private static final Context EVE = caller("globex", "eve");

    private final Allowances allowances = new Allowances(8, 4, 2);

    private static Context caller(String tenant, String key) {
        return new Context(new Tenant(tenant), key, "c");
    }

    private boolean take(Context caller, long amount) throws InterruptedException {
        return allowances.take(caller, amount, Duration.ZERO);
    }

    @Test
    void aKeyHasNoMoreThanItsAllowance() throws InterruptedException {
        assertThat(take(ANA, 1)).isTrue();
        assertThat(take(ANA, 1)).isTrue();
        assertThat(take(ANA, 1)).isFalse();
        assertThat(take(BOB, 2)).isTrue();
    }

    @Test
    void theKeysOfATenantHaveNoMoreThanItsAllowance() throws InterruptedException {
        assertThat(take(ANA, 2)).isTrue();
        assertThat(take(BOB, 2)).isTrue();
        assertThat(take(caller("acme", "carl"), 1)).isFalse();
        assertThat(take(EVE, 2)).isTrue();
    }

    @Test
    void aTenantMayHaveAnotherAllowanceThanTheRest() throws InterruptedException {
        var less = new Allowances(8, 4, 2, Map.of(EVE.tenant(), 1L));
        assertThat(less.take(EVE, 1, Duration.ZERO)).isTrue();
        assertThat(less.take(caller("globex", "dan"), 1, Duration.ZERO)).isFalse();
        assertThat(less.take(ANA, 2, Duration.ZERO)).isTrue();
    }

    @Test
    void whoHoldsNothingMayTakeOnceBeyondItsAllowance() throws InterruptedException {
        assertThat(take(ANA, 20)).isTrue();
        assertThat(take(EVE, 1)).isFalse();
        allowances.give(ANA, 20);
        assertThat(take(EVE, 1)).isTrue();
        assertThat(take(EVE, 20)).isFalse();
    }

    @Test
    void whoWaitsGetsWhatIsGivenBack() throws Exception {
        assertThat(take(ANA, 2)).isTrue();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> allowances.take(ANA, 1, Duration.ofSeconds(30)));
            allowances.give(ANA, 2);
            assertThat(waiting.get()).isTrue();
        }
        allowances.give(ANA, 1);
        assertThat(allowances.held()).isZero();
    }
}
