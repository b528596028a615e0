package io.cairn.bus;

/// What a jar brings to be told of events in the process: it names its implementation in `META-INF/services`.
///
/// ```java
/// public final class Notices implements EventHandlerProvider {
///     public void subscribe(EventBus bus) {
///         bus.route("lead.received", Map.of("score", scores::begin, "greet", mails::greet));
///         bus.subscribe("hot", Interest.matching("lead.*").where(event -> hot(event)), board::show);
///     }
/// }
/// ```
public interface EventHandlerProvider {
    /// Subscribes its handlers, once, when the server starts; they end with the server.
    void subscribe(EventBus bus);
}
