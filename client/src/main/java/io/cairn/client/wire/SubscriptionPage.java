package io.cairn.client.wire;

import java.util.List;

/// Events that a subscription has not acknowledged.
///
/// @param upTo what to acknowledge once they are dealt with
/// @param more whether there may be more at once
public record SubscriptionPage(List<Event> items, String upTo, boolean more) {
    public SubscriptionPage {
        items = items == null ? List.of() : List.copyOf(items);
    }
}
