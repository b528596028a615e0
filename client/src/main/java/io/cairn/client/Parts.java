package io.cairn.client;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/// Cuts a flow of items into parts that each fit one request: at most so many, and at most so many bytes
/// unless a single item is larger.
///
/// The parts are small on purpose. The JDK's client reads no answer before it has sent its whole request;
/// were a part so large that its results fill the connection's buffers, both sides would wait for each other
/// for ever.
record Parts<T>(int items, long letters, ToIntFunction<T> size) {
    void cut(Iterator<T> source, Consumer<List<T>> part) {
        List<T> open = new ArrayList<>();
        long openLetters = 0;
        while (source.hasNext()) {
            T item = source.next();
            int itemLetters = size.applyAsInt(item);
            if (open.size() == items || (!open.isEmpty() && openLetters + itemLetters > letters)) {
                part.accept(List.copyOf(open));
                open.clear();
                openLetters = 0;
            }
            open.add(item);
            openLetters += itemLetters;
        }
        if (!open.isEmpty()) {
            part.accept(List.copyOf(open));
        }
    }

    static <T> void halves(List<T> part, Consumer<List<T>> half) {
        int middle = part.size() / 2;
        half.accept(part.subList(0, middle));
        half.accept(part.subList(middle, part.size()));
    }
}
