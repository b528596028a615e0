package io.cairn.recall;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.TenantView;
import io.cairn.passage.Passage;
import io.cairn.passage.Passages;
import io.cairn.passage.Source;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.stream.Stream;

/// The passages that can be found now: of messages in conversations that are not deleted, and of chunks of documents'
/// current versions. They are worked out from the log, page by page.
public final class LivePassages {
    private static final int PAGE = 200;

    private final EventLog log;
    private final List<Source> sources;
    private final VectorSweep.Pace pace;

    /// @param pace is kept after each page, and may end it
    public LivePassages(EventLog log, List<Source> sources, VectorSweep.Pace pace) {
        this.log = log;
        this.sources = List.copyOf(sources);
        this.pace = pace;
    }

    private record Page(List<Event> live, long reached, boolean last) {}

    /// Those of a tenant, read as far as the stream is.
    public Stream<Passage> of(Tenant tenant) {
        var passages = new Passages(sources);
        var before = new Page(List.of(), 0, false);
        return Stream.iterate(before, page -> next(tenant, page.reached()))
                .takeWhile(page -> !page.last())
                .flatMap(page -> page.live().stream())
                .flatMap(event -> passages.changes(event).stream())
                .flatMap(change -> change.passages().stream());
    }

    private Page next(Tenant tenant, long position) {
        long began = System.nanoTime();
        var page = log.<Page>read(tenant, view -> {
            var events = view.after(position, PAGE);
            return events.isEmpty()
                    ? new Page(List.of(), position, true)
                    : new Page(live(view, events), events.getLast().position().number(), false);
        });
        pace.afterPage(System.nanoTime() - began);
        return page;
    }

    private List<Event> live(TenantView view, List<Event> events) {
        return sources.stream()
                .flatMap(source -> source.living(view, events).stream())
                .toList();
    }
}
