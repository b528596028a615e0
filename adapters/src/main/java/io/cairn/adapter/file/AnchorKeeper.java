package io.cairn.adapter.file;

import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.guard.Loop;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps an anchor near the log's end: writes it at most once in a while when the head has moved, and at the close.
public final class AnchorKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AnchorKeeper.class);

    private final AnchorFile file;
    private final EventLog log;
    private final Duration every;
    private final Loop loop;
    private List<Long> written = List.of();
    private boolean failing;

    private AnchorKeeper(AnchorFile file, EventLog log, Duration every) {
        this.file = file;
        this.log = log;
        this.every = every;
        this.loop = Loop.start("cairn-anchor", every, new Keeping());
    }

    /// Starts to keep it.
    ///
    /// @throws FolderException if the log does not reach as far as the anchor has seen it
    public static AnchorKeeper start(AnchorFile file, EventLog log, Duration every) {
        file.read().forEach(kept -> requireReached(file, kept, log));
        return new AnchorKeeper(file, log, every);
    }

    /// Going on would overwrite the only trace of what was lost.
    private static void requireReached(AnchorFile file, Head kept, EventLog log) {
        boolean reached = kept.epoch().equals(log.epoch())
                && kept.partition() < log.partitions()
                && log.head(kept.partition()).number() >= kept.number();
        if (!reached) {
            throw new FolderException(
                    "The log does not reach %s, which %s has seen: events were lost or the log was replaced; restore it, or delete the anchor to go on without them"
                            .formatted(kept.position(), file));
        }
    }

    private final class Keeping implements Loop.Turn {
        @Override
        public Duration take() {
            writeIfMoved();
            return every;
        }

        @Override
        public Duration failed(RuntimeException failure, int inARow) {
            tell(failure);
            return every;
        }
    }

    /// A disk that is full now need not be in a second, so a failure is told and the next turn tries again.
    private void writeIfMoved() {
        try {
            var heads = IntStream.range(0, log.partitions()).mapToObj(log::head).toList();
            var numbers = heads.stream().map(Head::number).toList();
            if (!numbers.equals(written)) {
                file.write(heads);
                written = numbers;
                failing = false;
            }
        } catch (RuntimeException e) {
            tell(e);
        }
    }

    private void tell(RuntimeException failure) {
        if (!failing) {
            LOG.warn("The anchor was not written; attempts follow every {} until it is", every, failure);
        }
        failing = true;
    }

    @Override
    public void close() {
        loop.close();
        writeIfMoved();
    }
}
