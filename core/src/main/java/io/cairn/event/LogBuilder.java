package io.cairn.event;

import io.cairn.guard.Retry;
import io.cairn.seal.MasterKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What a log is made of. Only the master key has to be named: without the rest a log has no inline projections, reads
/// payloads as they were written, admits everything, tries everything once and takes the machine's clock.
public final class LogBuilder {
    private final LogStorage storage;
    private @Nullable MasterKey master;
    private List<InlineProjection> inline = List.of();
    private Upcasters upcasters = Upcasters.none();
    private Admission admission = Admission.all();
    private Retry retry = Retry.none(StorageException.FAILURES);
    private SecureRandom random = new SecureRandom();
    private @Nullable Ids ids;
    private EventLogSettings settings = EventLogSettings.defaults();
    private LongSupplier nanos = System::nanoTime;

    LogBuilder(LogStorage storage) {
        this.storage = storage;
    }

    public LogBuilder sealedWith(MasterKey master) {
        this.master = master;
        return this;
    }

    /// Read models that commit with the events.
    public LogBuilder inline(List<InlineProjection> inline) {
        this.inline = List.copyOf(inline);
        return this;
    }

    public LogBuilder inline(InlineProjection... inline) {
        return inline(List.of(inline));
    }

    public LogBuilder upcasting(Upcasters upcasters) {
        this.upcasters = upcasters;
        return this;
    }

    /// Judges what is appended.
    public LogBuilder admittedBy(Admission judge) {
        this.admission = judge;
        return this;
    }

    /// Tries again what fails for a reason that passes.
    public LogBuilder retrying(Retry retry) {
        this.retry = retry;
        return this;
    }

    public LogBuilder ids(Ids ids) {
        this.ids = ids;
        return this;
    }

    public LogBuilder random(SecureRandom random) {
        this.random = random;
        return this;
    }

    public LogBuilder settings(EventLogSettings settings) {
        this.settings = settings;
        return this;
    }

    /// @param nanos time that never goes back
    LogBuilder nanos(LongSupplier nanos) {
        this.nanos = nanos;
        return this;
    }

    /// A log without threads, which writes in the thread of whoever waits for an outcome.
    public EventLog open() {
        return new EventLog(this);
    }

    /// A log whose writers have threads of their own.
    public EventLog start() {
        return open().start();
    }

    LogStorage storage() {
        return storage;
    }

    MasterKey master() {
        return Objects.requireNonNull(master, "A log needs a master key: say sealedWith(...)");
    }

    List<InlineProjection> inline() {
        return inline;
    }

    Upcasters upcasters() {
        return upcasters;
    }

    Admission admission() {
        return admission;
    }

    Retry retry() {
        return retry;
    }

    SecureRandom random() {
        return random;
    }

    Ids ids() {
        return ids == null ? new Ids(Clock.systemUTC(), random) : ids;
    }

    EventLogSettings settings() {
        return settings;
    }

    LongSupplier nanos() {
        return nanos;
    }
}
