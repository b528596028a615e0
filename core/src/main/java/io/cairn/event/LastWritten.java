package io.cairn.event;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a writer last left in its partition: the head, and the versions of the streams that it wrote. As long as nobody
/// else has written, the next batch can be placed by it without asking the store; the head tells whether it is so.
final class LastWritten {
    private static final int STREAMS_MAX = 4_096;

    /// After another node has written, this many batches in a row must find the head unchanged before the head is
    /// presumed again.
    private static final int QUIET_MIN = 3;

    /// What a batch may presume.
    ///
    /// @param versions of all streams that the batch asks for
    record Presumption(Head head, Map<StreamKey, Long> versions) {
        long version(StreamKey stream) {
            var version = versions.get(stream);
            if (version == null) {
                throw new IllegalStateException("The batch did not say that it would ask for " + stream);
            }
            return version;
        }
    }

    private final LinkedHashMap<StreamKey, Long> versions = new LinkedHashMap<>(16, .75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamKey, Long> eldest) {
            return size() > STREAMS_MAX;
        }
    };

    private @Nullable Head head;
    private int quiet;

    /// @return empty if the batch has to ask the store
    synchronized Optional<Presumption> presume(List<Submission> batch) {
        var last = head;
        if (last == null || quiet < QUIET_MIN) {
            return Optional.empty();
        }
        var asked = new HashMap<StreamKey, Long>();
        for (var unit : batch) {
            if (!unit.expectations().isEmpty()) {
                return Optional.empty();
            }
            for (var append : unit.appends()) {
                var key = append.key();
                var version = versions.get(key);
                if (version == null) {
                    return Optional.empty();
                }
                asked.put(key, version);
            }
        }
        return Optional.of(new Presumption(last, asked));
    }

    /// @param before the head that the batch found
    /// @param after where it left the head
    /// @param written the versions of the streams in which it placed something
    synchronized void wrote(
            Head before, Head after, List<Submission> batch, List<Appended> outcomes, Map<StreamKey, Long> written) {
        if (head != null && head.isSame(before)) {
            quiet++;
        } else {
            forget();
        }
        head = after;
        for (int i = 0; i < batch.size(); i++) {
            if (outcomes.get(i) instanceof Appended.Written) {
                learn(batch.get(i));
            }
        }
        versions.putAll(written);
    }

    /// What was expected of a stream and held is known as well as what was written.
    private void learn(Submission unit) {
        for (var append : unit.appends()) {
            if (append.expected() instanceof Expected.Version(var held)) {
                versions.put(append.key(), held);
            }
        }
    }

    /// Others wrote, or nobody knows what was.
    synchronized void forget() {
        head = null;
        quiet = 0;
        versions.clear();
    }
}
