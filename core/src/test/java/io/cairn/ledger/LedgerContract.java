package io.cairn.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cairn.event.EventLog;
import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;
import io.cairn.event.StorageException;
import io.cairn.guard.Retry;
import io.cairn.model.Charge;
import io.cairn.model.ModelException;
import io.cairn.model.Payer;
import io.cairn.model.Usage;
import io.cairn.seal.MasterKey;
import io.cairn.task.SettableClock;
import io.cairn.tenant.Tenant;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the ledger promises on every storage: nothing is used beyond a budget, and what was used is kept.
public abstract class LedgerContract {
    static final Tenant ACME = new Tenant("acme");
    private static final Tenant OTHER = new Tenant("other");
    static final Payer WEB = new Payer(ACME, "web");
    static final String MODEL = "fast";

    /// What a call of 1,000 tokens in and 1,000 out costs.
    static final BigDecimal CALL = new BigDecimal("0.003");

    static final Usage THOUSANDS = new Usage(1000, 1000, false);

    private static final MasterKey MASTER = MasterKey.random(new SecureRandom());

    private final LogPlace place;
    final SettableClock clock = new SettableClock();
    private final List<EventLog> logs = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private LogStorage storage;
    private int nodes;

    protected LedgerContract(LogPlace place) {
        this.place = place;
    }

    @BeforeEach
    void open() {
        storage = place.create(Stream.concat(EventLog.tables().stream(), LedgerTables.ALL.stream())
                .toList());
    }

    @AfterEach
    void stop() {
        logs.forEach(EventLog::close);
    }

    Ledger node(Budget... budgets) {
        return node(List.of(), budgets);
    }

    private Ledger node(List<RateLimit> rates, Budget... budgets) {
        nodes++;
        var log = EventLog.on(nodes == 1 ? storage : place.again(storage))
                .sealedWith(MASTER)
                .start();
        logs.add(log);
        return new Ledger(
                log,
                "node-" + nodes,
                new Terms(
                        "USD",
                        Map.of(MODEL, new Price(BigDecimal.ONE, new BigDecimal("0.5"), BigDecimal.TWO)),
                        List.of(budgets),
                        rates),
                clock,
                clock::nanos,
                new LedgerMeter() {
                    @Override
                    public void settled(String model, Used used) {}

                    @Override
                    public void saved(String model, long tokens) {}

                    @Override
                    public void refused(String limit) {
                        refused.add(limit);
                    }
                },
                Retry.none(StorageException.FAILURES));
    }

    /// Money for so many calls.
    static Budget forCalls(int calls, Period per) {
        return money("acme-all", new Payers("acme", ""), per, CALL.multiply(BigDecimal.valueOf(calls)));
    }

    private static Budget money(String name, Payers payers, Period per, BigDecimal amount) {
        return new Budget(name, payers, per, Budget.Unit.MONEY, Money.billionths(amount));
    }

    static Charge reserve(Ledger ledger) {
        return ledger.reserve(WEB, MODEL, THOUSANDS);
    }

    static void call(Ledger ledger) {
        reserve(ledger).settle(THOUSANDS);
    }

    ModelException refusal(Ledger ledger) {
        return catchThrowableOfType(ModelException.class, () -> reserve(ledger));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private List<LedgerReport.Line> lines(Ledger ledger, Tenant tenant, Set<LedgerReport.By> by) {
        return ledger.report().lines(tenant, new LedgerReport.Filter(today().minusDays(40), today(), null, null), by);
    }

    Used used(Ledger ledger) {
        return lines(ledger, ACME, Set.of()).stream()
                .map(LedgerReport.Line::used)
                .reduce(Used.NOTHING, Used::plus);
    }

    BigDecimal spent(Ledger ledger) {
        return Money.of(ledger.report().budgets(ACME, true).getFirst().spent());
    }

    @Test
    void whatWasUsedIsKeptByTenantKeyModelAndDay() {
        var ledger = node();
        call(ledger);
        call(ledger);
        ledger.reserve(new Payer(ACME, "cron"), MODEL, THOUSANDS).settle(new Usage(10, 5, true, 4));
        ledger.reserve(new Payer(OTHER, "web"), "free", THOUSANDS).settle(THOUSANDS);
        ledger.saved(WEB, MODEL, 7, 300);
        ledger.step();
        var yesterday = today();
        clock.pass(Duration.ofDays(1));
        call(ledger);
        ledger.step();

        assertThat(lines(ledger, ACME, EnumSet.allOf(LedgerReport.By.class)))
                .containsExactly(
                        new LedgerReport.Line(yesterday, "cron", MODEL, new Used(1, 1, 10, 4, 5, 18_000, 0, 0)),
                        new LedgerReport.Line(
                                yesterday, "web", MODEL, new Used(2, 0, 2000, 0, 2000, 6_000_000, 7, 300)),
                        new LedgerReport.Line(today(), "web", MODEL, new Used(1, 0, 1000, 0, 1000, 3_000_000, 0, 0)));
        assertThat(lines(ledger, OTHER, Set.of(LedgerReport.By.MODEL)))
                .containsExactly(new LedgerReport.Line(null, null, "free", new Used(1, 0, 1000, 0, 1000, 0, 0, 0)));
    }

    @Test
    void twoHundredConcurrentCallsAgainstMoneyForTenNeverOverspend() throws Exception {
        var ledger = node(forCalls(10, Period.MONTH));
        var held = new ConcurrentLinkedQueue<Charge>();
        var why = new ConcurrentLinkedQueue<ModelException>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                callers.execute(() -> {
                    try {
                        held.add(reserve(ledger));
                    } catch (ModelException e) {
                        why.add(e);
                    }
                });
            }
        }
        assertThat(held).hasSize(10);
        assertThat(why).hasSize(190).allMatch(refusal -> refusal.kind() == ModelException.Kind.OVER_BUDGET);
        assertThat(why.peek()).hasMessageContaining("reserved by calls under way");

        held.forEach(charge -> charge.settle(THOUSANDS));
        held.forEach(charge -> charge.settle(THOUSANDS));
        ledger.step();
        assertThat(spent(ledger)).isEqualByComparingTo("0.03");
        assertThat(used(ledger).calls()).isEqualTo(10);
        assertThat(refusal(ledger)).hasMessageContaining("does not do for this call");
    }

    @Test
    void noCallAsksTheDatabaseWhileASliceLasts() {
        var ledger = node(forCalls(1000, Period.MONTH));
        call(ledger);
        logs.removeLast().close();
        for (int i = 0; i < 60; i++) {
            call(ledger);
        }
    }

    @Test
    void whatACallDidNotTakeIsThereForTheNext() {
        var ledger = node(forCalls(1, Period.DAY));
        reserve(ledger).release();
        reserve(ledger).settle(new Usage(500, 0, false));
        assertThat(refusal(ledger).kind()).isEqualTo(ModelException.Kind.OVER_BUDGET);
        ledger.reserve(WEB, MODEL, new Usage(500, 1000, true)).settle(new Usage(500, 1000, false));
        ledger.step();
        assertThat(spent(ledger)).isEqualByComparingTo(CALL);
    }

    @Test
    void aCallThatTookMoreThanItReservedCountsInFull() {
        var ledger = node(forCalls(2, Period.DAY));
        reserve(ledger).settle(new Usage(1000, 5000, false));
        assertThat(refusal(ledger)).isNotNull();
        ledger.step();
        assertThat(spent(ledger)).isEqualByComparingTo("0.011");
        assertThat(ledger.report().budgets(ACME, true).getFirst().left()).isZero();
    }

    @Test
    void aNodeThatDiesBetweenReservingAndSettlingHoldsNothingPastItsTime() {
        var dead = node(forCalls(10, Period.MONTH));
        call(dead);
        dead.step();
        for (int i = 0; i < 9; i++) {
            reserve(dead);
        }
        logs.getLast().close();
        logs.removeLast();

        var next = node(forCalls(10, Period.MONTH));
        clock.pass(Slice.TIME.plusSeconds(1));
        for (int i = 0; i < 9; i++) {
            call(next);
        }
        assertThat(refusal(next)).isNotNull();
        next.step();
        assertThat(spent(next)).isEqualByComparingTo("0.03");
    }

    @Test
    void aCleanStopLosesNothingAndGivesBackWhatWasAtHand() {
        var first = node(forCalls(100, Period.TOTAL));
        call(first);
        first.close();
        logs.removeLast().close();

        var next = node(forCalls(100, Period.TOTAL));
        assertThat(used(next).calls()).isEqualTo(1);
        var status = next.report().budgets(ACME, false).getFirst();
        assertThat(Money.of(status.spent())).isEqualByComparingTo(CALL);
        assertThat(status.reserved()).isZero();
        assertThat(status.renews()).isEmpty();
        for (int i = 0; i < 99; i++) {
            call(next);
        }
        assertThat(refusal(next).retryAfter()).isEmpty();
    }

    @Test
    void aBudgetBeginsAnewWithItsDayOrMonth() {
        clock.jump(Duration.between(clock.instant(), Instant.parse("2026-12-31T23:59:30Z")));
        var ledger = node(
                forCalls(1, Period.DAY),
                money("month", new Payers("", ""), Period.MONTH, CALL.multiply(BigDecimal.valueOf(5))));
        var overMidnight = reserve(ledger);
        var why = refusal(ledger);
        assertThat(why.retryAfter()).contains(Duration.ofSeconds(2));
        overMidnight.settle(THOUSANDS);
        var usedUp = refusal(ledger);
        assertThat(usedUp).hasMessageContaining("at 2027-01-01T00:00:00Z");
        assertThat(usedUp.retryAfter()).contains(Duration.ofSeconds(30));
        assertThat(refused).containsExactly("acme-all", "acme-all");

        clock.jump(Duration.between(clock.instant(), Instant.parse("2027-01-01T00:00:00Z")));
        call(ledger);
        ledger.step();
        assertThat(ledger.report().budgets(ACME, true))
                .allSatisfy(status -> assertThat(Money.of(status.spent())).isEqualByComparingTo(CALL));
        assertThat(ledger.report().budgets(ACME, false)).hasSize(1);
    }

    @Test
    void eachKeyMayHaveABudgetOfItsOwn() {
        var ledger = node(new Budget("keys", new Payers("*", "*"), Period.DAY, Budget.Unit.TOKENS, 2000));
        call(ledger);
        assertThat(refusal(ledger)).hasMessageContaining("'keys'");
        ledger.reserve(new Payer(ACME, "other"), MODEL, THOUSANDS).settle(THOUSANDS);
        ledger.reserve(new Payer(OTHER, "web"), MODEL, THOUSANDS).settle(THOUSANDS);
        ledger.step();
        assertThat(ledger.report().budgets(ACME, false))
                .extracting(LedgerReport.Status::payers)
                .containsExactlyInAnyOrder(new Payers("acme", "web"), new Payers("acme", "other"));
    }

    @Test
    void nothingIsReservedOfOneBudgetWhenAnotherRefuses() {
        var ledger = node(
                money("a", new Payers("", ""), Period.DAY, CALL),
                new Budget("b", new Payers("", "web"), Period.DAY, Budget.Unit.TOKENS, 1));
        assertThat(refusal(ledger)).hasMessageContaining("'b'");
        ledger.reserve(new Payer(ACME, "cron"), MODEL, THOUSANDS).settle(THOUSANDS);
    }

    @Test
    void aRequestCountsOnceHoweverManyCallsItTakes() {
        var ledger = node(List.of(new RateLimit("slow", new Payers("", "*"), 2, 10_000)));
        ledger.request(WEB);
        var request = ledger.request(WEB);
        for (int i = 0; i < 5; i++) {
            request.reserve(WEB, MODEL, THOUSANDS).settle(new Usage(1000, 0, false));
        }

        assertThatThrownBy(() -> ledger.request(WEB)).hasMessage("The rate 'slow' allows 2 calls in a minute");
        assertThatThrownBy(() -> request.reserve(WEB, MODEL, new Usage(5001, 0, true)))
                .hasMessage("The rate 'slow' allows 10000 tokens in a minute");
    }

    @Test
    void aRateLetsThroughWhatAMinuteHas() {
        var ledger = node(List.of(new RateLimit("slow", new Payers("", "*"), 2, 5000)));
        call(ledger);
        call(ledger);
        var why = refusal(ledger);
        assertThat(why.kind()).isEqualTo(ModelException.Kind.OVER_RATE);
        assertThat(why).hasMessage("The rate 'slow' allows 2 calls in a minute");
        assertThat(why.retryAfter()).contains(Duration.ofSeconds(30));
        ledger.reserve(new Payer(ACME, "other"), MODEL, THOUSANDS).release();
        clock.pass(Duration.ofSeconds(30));
        assertThatThrownBy(() -> ledger.reserve(WEB, MODEL, new Usage(3501, 0, true)))
                .hasMessage("The rate 'slow' allows 5000 tokens in a minute");
        call(ledger);
    }
}
