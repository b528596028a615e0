package io.cairn.aggregate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.aggregate.Account.Command;
import io.cairn.aggregate.Account.Event;
import io.cairn.archive.Archive;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.Snapshots;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.SubjectKeys;
import io.cairn.event.Unit;
import io.cairn.event.Upcasters;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What holds of aggregates and their snapshots on every storage.
public abstract class AggregatesContract {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05.123456Z"), ZoneOffset.UTC);
    private static final Tenant ACME = new Tenant("acme");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr-1");
    private static final AggregateId ID = new AggregateId("a-1");
    private static final StreamId STREAM = new StreamId("account", "a-1");
    private static final AggregateSettings EVERY_TEN =
            AggregateSettings.defaults().snapshotEvery(10);

    private final SecureRandom random = new SecureRandom();
    private final Ids ids = new Ids(CLOCK, random);
    private final MasterKey master = MasterKey.random(random);
    private LogStorage storage;
    private EventLog log;
    private Aggregates<Command, Event, Account> accounts;
    private int commands;

    /// A new, empty storage with those of [EventLog#tables()].
    protected abstract LogStorage create();

    /// Closes the storage and opens it again, as after a restart.
    protected abstract LogStorage reopen(LogStorage storage);

    @BeforeEach
    void start() {
        storage = create();
        start(Upcasters.none());
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private void start(Upcasters upcasters) {
        log = EventLog.on(storage)
                .sealedWith(master)
                .upcasting(upcasters)
                .ids(ids)
                .random(random)
                .start();
        accounts = accounts(new Account.Rules());
    }

    private void restart() {
        storage = reopen(storage);
        start(Upcasters.none());
    }

    private Aggregates<Command, Event, Account> accounts(Decider<Command, Event, Account> rules) {
        return new Aggregates<>(log, rules, Account.CODEC, CLOCK, EVERY_TEN);
    }

    @Test
    void whatACommandLeadsToIsWritten() {
        decide(new Command.Open());

        var paid = decide(new Command.PayIn(7));

        assertThat(paid)
                .isEqualTo(new Decided.Written<>(
                        List.of(new Event.PaidIn(7)),
                        new Account(true, 7, ""),
                        2,
                        log.position(log.partition(ACME), 2)));
        assertThat(accounts.load(ACME, ID)).isEqualTo(new Loaded<>(new Account(true, 7, ""), 2));
        assertThat(log.<List<io.cairn.event.Event>>read(ACME, view -> view.stream(STREAM, 0, 10)))
                .extracting(event -> event.type().name())
                .containsExactly("account.opened", "account.paid_in");
    }

    @Test
    void aRefusalIsAValueAndWritesNothing() {
        assertThat(decide(new Command.PayOut(1))).isEqualTo(new Decided.Refused<>("only 0 left", Account.NONE, 0));
        assertThat(version()).isZero();
    }

    @Test
    void aCommandWithNothingToDoWritesNothing() {
        decide(new Command.Open());

        assertThat(decide(new Command.Open())).isEqualTo(new Decided.Unchanged<>(new Account(true, 0, ""), 1));
        assertThat(version()).isOne();
    }

    /// The second time the decider would refuse, or find nothing to do.
    @Test
    void aCommandIsWrittenOnceHoweverOftenItComes() {
        var open = new CommandId("open");
        var payOut = new CommandId("pay-out");
        accounts.decide(CONTEXT, ID, open, new Command.Open());
        decide(new Command.PayIn(5));
        accounts.decide(CONTEXT, ID, payOut, new Command.PayOut(5));

        assertThat(accounts.decide(CONTEXT, ID, payOut, new Command.PayOut(5)))
                .isEqualTo(new Decided.Repeated<>(3, log.position(log.partition(ACME), 3)));
        assertThat(accounts.decide(CONTEXT, ID, open, new Command.Open()))
                .isEqualTo(new Decided.Repeated<>(1, log.position(log.partition(ACME), 1)));
        assertThat(accounts.decide(CONTEXT, ID, open, new Command.PayIn(9))).isInstanceOf(Decided.Repeated.class);
        assertThat(version()).isEqualTo(3);
        assertThat(accounts.decide(CONTEXT, new AggregateId("a-2"), open, new Command.Open()))
                .isInstanceOf(Decided.Written.class);
    }

    @Test
    void aConflictIsDecidedAgainOnWhatCameInBetween() {
        decide(new Command.Open());
        decide(new Command.PayIn(5));
        var slow = accounts(meanwhile(1, () -> decide(new Command.PayOut(4))));

        var late = slow.decide(CONTEXT, ID, new CommandId("late"), new Command.PayOut(5));

        assertThat(late).isEqualTo(new Decided.Refused<>("only 1 left", new Account(true, 1, ""), 3));
    }

    @Test
    void conflictsAreGivenUpAfterTheAllowedAttempts() {
        decide(new Command.Open());
        var unlucky = new Aggregates<>(
                log,
                meanwhile(Integer.MAX_VALUE, () -> decide(new Command.PayIn(1))),
                Account.CODEC,
                CLOCK,
                EVERY_TEN.attemptsMax(3));

        assertThat(unlucky.decide(CONTEXT, ID, new CommandId("never"), new Command.PayIn(100)))
                .isEqualTo(new Decided.GaveUp<>(3, 4));
        assertThat(accounts.load(ACME, ID).state().balance()).isEqualTo(3);
    }

    @Test
    void decidersThatCompeteForAnAggregateLoseNothing() throws Exception {
        decide(new Command.Open());
        var patient = EVERY_TEN.attemptsMax(1000);
        try (var threads = Executors.newFixedThreadPool(3)) {
            var all = new ArrayList<Callable<Void>>();
            for (int thread = 0; thread < 3; thread++) {
                var own = new Aggregates<>(log, new Account.Rules(), Account.CODEC, CLOCK, patient);
                int number = thread;
                all.add(() -> {
                    for (int i = 0; i < 20; i++) {
                        var id = new CommandId("%d-%d".formatted(number, i));
                        assertThat(own.decide(CONTEXT, ID, id, new Command.PayIn(1)))
                                .isInstanceOf(Decided.Written.class);
                    }
                    return null;
                });
            }
            for (var done : threads.invokeAll(all)) {
                done.get();
            }
        }

        assertThat(accounts.load(ACME, ID)).isEqualTo(new Loaded<>(new Account(true, 60, ""), 61));
    }

    @Test
    void aSnapshotSavesReadingWhatIsInIt() {
        pay(25);

        var row = snapshot();
        assertThat(row.number("version")).isEqualTo(20);
        assertThat(accounts.snapshots().kept()).isEqualTo(2);

        restart();
        var read = new ArrayList<Integer>();
        assertThat(accounts(counting(read::add)).load(ACME, ID).state().balance())
                .isEqualTo(24);
        assertThat(read).hasSize(5);
        assertThat(accounts.snapshots().discarded()).isZero();
    }

    @Test
    void whatIsOnlyReadIsKeptToo() {
        appendPlainly(35);

        assertThat(accounts.load(ACME, ID).state().balance()).isEqualTo(35);
        assertThat(snapshot().number("version")).isEqualTo(35);
        assertThat(accounts.load(ACME, ID).version()).isEqualTo(35);
        assertThat(accounts.snapshots()).isEqualTo(new SnapshotCounts(1, 1, 0, 0, 0));
    }

    @Test
    void aStateOfAnotherVersionIsLeftAsideAndRemoved() {
        pay(25);
        var changed = new Account.Rules() {
            @Override
            public int stateVersion() {
                return 2;
            }

            @Override
            public Account evolve(Account account, Event event) {
                return event instanceof Event.PaidIn(var amount)
                        ? new Account(true, account.balance() + 2 * amount, "")
                        : super.evolve(account, event);
            }
        };

        assertThat(accounts(changed).load(ACME, ID).state().balance()).isEqualTo(48);

        assertThat(rows()).extracting(row -> row.number("schema_version")).containsExactly(2L);
        assertThat(accounts.load(ACME, ID).state().balance()).isEqualTo(24);
        assertThat(rows()).extracting(row -> row.number("schema_version")).containsExactly(1L, 2L);
    }

    @Test
    void aBrokenSnapshotIsDiscardedAndMadeAnew() {
        pay(25);
        for (var broken : List.<Consumer<Map<String, Object>>>of(
                cells -> cells.computeIfPresent("sealed", (same, bytes) -> flipped((byte[]) bytes)),
                cells -> cells.put("sealed", new byte[3]),
                cells -> cells.put("keys", "[{]"),
                cells -> cells.put("keys", "[]"),
                cells -> cells.put("version", 19L),
                cells -> cells.put("event_id", "?"),
                cells -> cells.remove("sealed"))) {
            change(snapshot(), broken);
            var fresh = accounts(new Account.Rules());

            assertThat(fresh.load(ACME, ID)).isEqualTo(new Loaded<>(new Account(true, 24, ""), 25));
            assertThat(fresh.snapshots()).isEqualTo(new SnapshotCounts(0, 1, 1, 0, 0));
        }
    }

    /// Not sealed at all, by somebody who may write to the database.
    @Test
    void aForgedSnapshotIsNotBelieved() {
        pay(25);
        change(snapshot(), cells -> {
            cells.put("keys", "[]");
            cells.put("sealed", "{\"open\":true,\"balance\":1000000,\"note\":\"\"}".getBytes(ISO_8859_1));
        });

        assertThat(accounts.load(ACME, ID).state().balance()).isEqualTo(24);
    }

    @Test
    void aSnapshotOfAnotherAggregateIsNotBelieved() {
        pay(25);
        change(snapshot(), cells -> cells.put("stream_id", "a-2"));

        assertThat(accounts.load(ACME, new AggregateId("a-2"))).isEqualTo(new Loaded<>(Account.NONE, 0));
    }

    private record Other(boolean open, long balance, String note, long added) {}

    @Test
    void aStateWhoseFormChangedWithoutANewVersionIsNotReadWithHoles() {
        pay(25);
        var codec = Codec.records("account", Event.class, Other.class);
        var rules = new Account.Rules();
        var others = new Aggregates<>(
                log,
                new Decider<Command, Event, Other>() {
                    @Override
                    public String name() {
                        return "account";
                    }

                    @Override
                    public Other initial() {
                        return new Other(false, 0, "", 0);
                    }

                    @Override
                    public Decision<Event> decide(Command command, Other state) {
                        return rules.decide(command, new Account(state.open(), state.balance(), state.note()));
                    }

                    @Override
                    public Other evolve(Other state, Event event) {
                        return new Other(true, 0, "", state.added() + 1);
                    }
                },
                codec,
                CLOCK,
                EVERY_TEN);

        assertThat(others.load(ACME, ID).state().added()).isEqualTo(25);
        assertThat(others.snapshots().discarded()).isOne();
        assertThat(accounts.load(ACME, ID).state().balance()).isEqualTo(24);
    }

    @Test
    void aForgottenSubjectDoesNotSurviveInASnapshot() {
        decide(new Command.Note("ana", "Ana's. "));
        decide(new Command.Note("ben", "Ben's. "));
        pay(12);
        assertThat(snapshot().number("version")).isEqualTo(10);
        assertThat(new String(snapshot().bytes("sealed"), ISO_8859_1)).doesNotContain("Ana");

        forget("ana");
        restart();

        assertThat(accounts.load(ACME, ID).state().note()).isEqualTo("Ben's. ");
        assertThat(accounts.snapshots()).isEqualTo(new SnapshotCounts(0, 1, 1, 0, 0));
        assertThat(accounts.load(ACME, ID).state().note()).isEqualTo("Ben's. ");
        assertThat(accounts.snapshots().used()).isOne();
    }

    /// No key is made for a snapshot: one made now would keep what was to go.
    @Test
    void aSubjectForgottenWhileACommandIsDecidedDoesNotSurviveEither() {
        decide(new Command.Note("ana", "Ana's. "));
        appendPlainly(20);
        var slow = accounts(meanwhile(1, () -> forget("ana")));

        slow.decide(CONTEXT, ID, new CommandId("slow"), new Command.PayIn(1));
        restart();

        assertThat(accounts.load(ACME, ID).state().note()).isEmpty();
        assertThat(accounts.snapshots().used()).isZero();
    }

    @Test
    void aStateOfTooManySubjectsIsNotKept() {
        for (int i = 0; i < Snapshots.KEYS_MAX + 10; i++) {
            decide(new Command.Note("subject-" + i, "."));
        }

        assertThat(accounts.load(ACME, ID).version()).isEqualTo(Snapshots.KEYS_MAX + 10);
        assertThat(accounts.snapshots().impossible()).isPositive();
        assertThat(snapshot().number("version")).isLessThan(Snapshots.KEYS_MAX);
    }

    @Test
    void aStateThatIsTooLargeIsNotKept() {
        decide(new Command.Note("ana", "x".repeat(Snapshots.STATE_BYTES_MAX)));
        appendPlainly(20);

        assertThat(accounts.load(ACME, ID).version()).isEqualTo(21);
        assertThat(accounts.snapshots().impossible()).isOne();
        assertThat(rows()).isEmpty();
    }

    @Test
    void aLostSnapshotCostsReadingAndNothingElse() {
        pay(25);
        log.append(Unit.rows(
                CONTEXT,
                List.of(new RowChange.Remove(Snapshots.TABLE, snapshot().key()))));
        restart();

        assertThat(decide(new Command.PayIn(1)))
                .isInstanceOfSatisfying(
                        Decided.Written.class,
                        written -> assertThat(written.version()).isEqualTo(26));
        assertThat(snapshot().number("version")).isEqualTo(25);
    }

    /// As after a log was put back to an earlier state.
    @Test
    void aSnapshotThatIsAheadOfItsStreamIsDiscarded() {
        pay(25);
        var kept = snapshot();
        log.close();
        storage = create();
        start(Upcasters.none());
        pay(12);
        log.append(Unit.rows(CONTEXT, List.of(new RowChange.Put(kept))));

        assertThat(accounts.load(ACME, ID).version()).isEqualTo(12);
        assertThat(accounts.snapshots().discarded()).isOne();
    }

    @Test
    void olderEventsAreReadAsUpcastersLeaveThem() {
        appendPlainly(3);
        storage = reopen(storage);
        start(view -> (type, schemaVersion, payload) -> new Upcasters.Upcast(
                2, ((ObjectNode) payload).put("amount", payload.path("amount").asLong() * 100)));

        assertThat(accounts.load(ACME, ID).state().balance()).isEqualTo(300);
    }

    @Test
    void anEventThatTheDeciderDoesNotKnowStopsTheReading() {
        appendPlainly(1);
        log.append(Unit.of(
                CONTEXT, new StreamAppend(STREAM, Expected.any(), List.of(plain("account.closed", 0, ids.next())))));

        assertThatThrownBy(() -> accounts.load(ACME, ID))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Event 2 of account/a-1 (account.closed, schema version 1)");
    }

    @Test
    void anEventThatTheStateCannotTakeIsNotWritten() {
        decide(new Command.Open());
        var faulty = new Account.Rules() {
            @Override
            public Account evolve(Account account, Event event) {
                if (event instanceof Event.PaidIn) {
                    throw new ArithmeticException("overflow");
                }
                return super.evolve(account, event);
            }
        };

        assertThatThrownBy(() -> accounts(faulty).decide(CONTEXT, ID, new CommandId("faulty"), new Command.PayIn(1)))
                .isInstanceOf(ArithmeticException.class);
        assertThat(version()).isOne();
    }

    @Test
    void anotherTenantsAggregateIsItsOwn() {
        pay(25);
        var other = new Tenant("other");

        assertThat(accounts.load(other, ID)).isEqualTo(new Loaded<>(Account.NONE, 0));
        assertThat(accounts.decide(new Context(other, "tester", "corr"), ID, new CommandId("c-0"), new Command.Open()))
                .isInstanceOf(Decided.Written.class);
    }

    @Test
    void anExportCarriesNoSnapshot() {
        pay(25);

        var lines = new ArrayList<String>();
        new Archive(log, storage, EventLog.tables(), ids).export(null, line -> lines.add(line.toString()));

        assertThat(lines).hasSizeGreaterThan(25).noneMatch(line -> line.contains("\"snapshot\""));
    }

    @Test
    void aStreamOfSeveralPagesIsReadWhole() {
        appendPlainly(1000);
        appendPlainly(450);

        assertThat(accounts.load(ACME, ID)).isEqualTo(new Loaded<>(new Account(true, 1450, ""), 1450));
    }

    private Decided<Event, Account> decide(Command command) {
        return accounts.decide(CONTEXT, ID, new CommandId("c-" + commands++), command);
    }

    /// So many events, of which the first opens the account and the others pay in 1 each.
    private void pay(int events) {
        decide(new Command.Open());
        for (int i = 1; i < events; i++) {
            decide(new Command.PayIn(1));
        }
    }

    /// By somebody who knows nothing of aggregates.
    private void appendPlainly(int events) {
        var made = new ArrayList<NewEvent>();
        for (int i = 0; i < events; i++) {
            made.add(plain("account.paid_in", 1, ids.next()));
        }
        log.append(Unit.of(CONTEXT, new StreamAppend(STREAM, Expected.any(), made)));
    }

    private static NewEvent plain(String type, long amount, UUID id) {
        var payload = JsonMapper.shared().createObjectNode().put("amount", amount);
        return new NewEvent(id, new EventType(type), 1, STREAM.toString(), payload, CLOCK.instant(), null);
    }

    private long version() {
        return log.<Long>read(ACME, view -> view.version(STREAM));
    }

    private List<Row> rows() {
        return log.read(
                ACME, view -> view.rows(Snapshots.TABLE, Snapshots.TABLE.key(STREAM.type(), STREAM.id()), null, 10));
    }

    private Row snapshot() {
        assertThat(rows()).hasSize(1);
        return rows().getFirst();
    }

    private void change(Row row, Consumer<Map<String, Object>> change) {
        var cells = new HashMap<String, Object>();
        Snapshots.TABLE.columns().forEach(column -> cells.put(column.name(), row.cell(column.name())));
        change.accept(cells);
        log.append(Unit.rows(CONTEXT, List.of(new RowChange.Put(Snapshots.TABLE.row(cells)))));
    }

    private static byte[] flipped(byte[] sealed) {
        var changed = sealed.clone();
        changed[40] ^= 1;
        return changed;
    }

    private void forget(String subject) {
        log.append(
                Unit.rows(CONTEXT, List.of(new RowChange.Remove(SubjectKeys.TABLE, SubjectKeys.TABLE.key(subject)))));
    }

    /// Rules during whose first decisions something else happens.
    private static Decider<Command, Event, Account> meanwhile(int times, Runnable happens) {
        return new Account.Rules() {
            private int left = times;

            @Override
            public Decision<Event> decide(Command command, Account account) {
                if (left > 0) {
                    left--;
                    happens.run();
                }
                return super.decide(command, account);
            }
        };
    }

    private static Decider<Command, Event, Account> counting(Consumer<Integer> evolved) {
        return new Account.Rules() {
            @Override
            public Account evolve(Account account, Event event) {
                evolved.accept(1);
                return super.evolve(account, event);
            }
        };
    }
}
