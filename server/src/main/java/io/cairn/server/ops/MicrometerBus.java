package io.cairn.server.ops;

import io.cairn.bus.BusWatch;
import io.cairn.event.Event;
import io.micrometer.core.instrument.MeterRegistry;

/// Counts what handlers of the bus did and where they failed.
public final class MicrometerBus implements BusWatch {
    private final MeterRegistry meters;

    public MicrometerBus(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void handled(String handler, Event event) {
        meters.counter("bus.handled", "handler", handler).increment();
    }

    @Override
    public void failed(String handler, Event event, Throwable failure) {
        meters.counter("bus.failures", "handler", handler).increment();
    }
}
