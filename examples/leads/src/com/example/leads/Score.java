package com.example.leads;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a lead is worth, by what it says of itself.
///
/// @param channel by which it came: `web`, `phone`, `fair` or `other`
record Score(int points, Classification classification, String channel, double confidence) {
    enum Classification {
        HOT,
        WARM,
        COLD;

        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    static Score of(JsonNode lead) {
        int points = Math.clamp(lead.path("budget").asInt(0) / 100, 0, 100);
        var classification =
                points >= 60 ? Classification.HOT : points >= 20 ? Classification.WARM : Classification.COLD;
        var channel = lead.path("channel").asString("");
        return new Score(
                points,
                classification,
                switch (channel) {
                    case "web", "phone", "fair" -> channel;
                    default -> "other";
                },
                lead.hasNonNull("company") ? .9 : .5);
    }

    /// The payload of `lead.scored`, version 2.
    JsonNode json(String lead) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("lead_id", lead)
                .put("score", points)
                .put("confidence", confidence)
                .put("classification", classification.text())
                .put("channel", channel);
    }
}
