package io.cairn.simulation;

import io.cairn.event.Event;
import io.cairn.event.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Somebody outside who counts what happens to each stream, and gets pages of the log late, out of order and more than
/// once, from whichever node.
///
/// What it has counted commits together with its cursors. A page that begins elsewhere than at the cursor is put aside,
/// and of one that was seen before only the rest counts, so in the end its counts are a fold of the log.
class Subscriber implements Checker {
    private static final int PAGE = 3;
    private static final int UNDERWAY_MAX = 8;

    /// Events of a partition that stand behind a position.
    record Page(int partition, long after, List<Event> events) {}

    final World world;
    final Map<Integer, Long> cursors = new HashMap<>();
    final Map<StreamKey, Integer> counts = new HashMap<>();
    private final List<Page> underWay = new ArrayList<>();
    private final Map<StreamKey, Integer> fold = new HashMap<>();

    Subscriber(World world) {
        this.world = world;
    }

    void take(StoredEvent event) {
        fold.merge(new StreamKey(event.tenant(), event.stream()), 1, Integer::sum);
    }

    /// Asks a node for a page, or gets one that it has asked for at some time.
    void step(Node node) {
        var chance = world.chance();
        if (underWay.isEmpty() || (underWay.size() < UNDERWAY_MAX && chance.evens())) {
            ask(node, chance.below(World.PARTITIONS));
        } else {
            int page = chance.below(underWay.size());
            receive(chance.oneIn(3) ? underWay.get(page) : underWay.remove(page));
        }
    }

    private void ask(Node node, int partition) {
        long after = cursor(partition);
        underWay.add(new Page(partition, after, node.log().feed().after(partition, after, PAGE, Long.MAX_VALUE)));
    }

    long cursor(int partition) {
        return cursors.getOrDefault(partition, 0L);
    }

    /// Once or again.
    void receive(Page page) {
        long cursor = cursor(page.partition());
        if (page.after() <= cursor) {
            page.events().stream()
                    .filter(event -> event.position().number() > cursor)
                    .forEach(this::count);
        }
    }

    /// Counts an event and moves the cursor, both or nothing.
    void count(Event event) {
        world.trouble().moment();
        effect(event);
        checkpoint(event);
    }

    void effect(Event event) {
        counts.merge(new StreamKey(event.tenant(), event.stream()), 1, Integer::sum);
    }

    void checkpoint(Event event) {
        cursors.put(event.position().partition(), event.position().number());
    }

    /// Gets what is left.
    ///
    /// @return whether there was anything
    boolean catchUp(Node node) {
        underWay.forEach(this::receive);
        underWay.clear();
        for (int partition = 0; partition < World.PARTITIONS; partition++) {
            ask(node, partition);
        }
        return underWay.stream().anyMatch(page -> !page.events().isEmpty());
    }

    @Override
    public void check() {
        counts.forEach((stream, count) -> {
            int due = fold.getOrDefault(stream, 0);
            if (count > due) {
                throw new Violation("A subscriber counted %d events of %s, the log holds %d", count, stream, due);
            }
        });
    }

    @Override
    public void checkEnd() {
        if (!counts.equals(fold)) {
            throw new Violation("A subscriber counted %s, a fold of the log %s", counts, fold);
        }
    }
}
