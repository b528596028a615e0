package io.cairn.adapter.provider;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// Reads server-sent events as WHATWG's standard has them, wherever the bytes are cut. Only their data is of interest.
///
/// In one thing it is kinder than the standard: an event without the blank line behind it counts at a clean end, since
/// some servers end so after `[DONE]`.
final class EventParser {
    static final int BYTES_MAX = 1 << 20;

    private final LineSplitter splitter = new LineSplitter(BYTES_MAX);
    private final StringBuilder data = new StringBuilder();
    private boolean any;

    void take(ByteBuffer bytes, Consumer<String> events) {
        splitter.take(bytes, line -> line(line, events));
    }

    void end(Consumer<String> events) {
        splitter.end(line -> line(line, events));
        dispatch(events);
    }

    private void line(String line, Consumer<String> events) {
        if (line.isEmpty()) {
            dispatch(events);
        } else if (line.equals("data") || line.startsWith("data:")) {
            var value = line.length() < 5 ? "" : line.substring(line.startsWith("data: ") ? 6 : 5);
            if (data.length() + value.length() > BYTES_MAX) {
                throw new LineSplitter.TooLongException(BYTES_MAX);
            }
            if (any) {
                data.append('\n');
            }
            data.append(value);
            any = true;
        }
    }

    private void dispatch(Consumer<String> events) {
        if (any) {
            var event = data.toString();
            data.setLength(0);
            any = false;
            events.accept(event);
        }
    }
}
