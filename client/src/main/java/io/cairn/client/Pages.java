package io.cairn.client;

import io.cairn.client.wire.Page;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The items of a paged list, one after the other; a page is asked for when the one before it is used up.
final class Pages<T> implements Iterator<T> {
    @FunctionalInterface
    interface Source<T> {
        Page<T> after(@Nullable String cursor);
    }

    private final Source<T> source;
    private final Queue<T> items = new ArrayDeque<>();
    private @Nullable String cursor;
    private boolean last;

    private Pages(Source<T> source) {
        this.source = source;
    }

    static <T> Stream<T> all(Source<T> source) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(new Pages<>(source), Spliterator.ORDERED | Spliterator.NONNULL),
                false);
    }

    @Override
    public boolean hasNext() {
        while (items.isEmpty() && !last) {
            Page<T> page = source.after(cursor);
            items.addAll(page.items());
            cursor = page.next();
            last = cursor == null;
        }
        return !items.isEmpty();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the list is at its end");
        }
        return items.remove();
    }
}
