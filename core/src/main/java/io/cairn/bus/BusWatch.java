package io.cairn.bus;

import io.cairn.event.Event;

/// Is told how handlers of the bus fare.
public interface BusWatch {
    BusWatch NONE = new BusWatch() {
        @Override
        public void handled(String handler, Event event) {}

        @Override
        public void failed(String handler, Event event, Throwable failure) {}
    };

    void handled(String handler, Event event);

    void failed(String handler, Event event, Throwable failure);
}
