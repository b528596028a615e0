package io.cairn.client;

import io.cairn.client.wire.Wire;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// One request, ready to be sent more than once.
record Call(String method, String path, Map<String, String> headers, BodyPublisher body, Again again) {
    private static final JsonMapper JSON = Wire.responses();

    /// Whether a second sending can do harm.
    enum Again {
        /// The same call twice is as good as once: it only reads, or it carries ids that the client
        /// made.
        HARMLESS,
        /// It is sent again only if the first one was certainly not carried out.
        ONLY_IF_REFUSED
    }

    static Call get(Address path) {
        return new Call("GET", path.toString(), Map.of(), BodyPublishers.noBody(), Again.HARMLESS);
    }

    static Call delete(Address path) {
        return new Call("DELETE", path.toString(), Map.of(), BodyPublishers.noBody(), Again.ONLY_IF_REFUSED);
    }

    static Call put(Address path, Object body, Again again) {
        BodyPublisher json = BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
        return new Call("PUT", path.toString(), Map.of("Content-Type", "application/json"), json, again);
    }

    static Call post(Address path, Object body, Again again) {
        return post(path, "application/json", BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)), again);
    }

    static Call postLines(Address path, List<String> lines) {
        String body = String.join("\n", lines) + "\n";
        return post(path, "application/x-ndjson", BodyPublishers.ofString(body), Again.HARMLESS);
    }

    static Call post(Address path, String mediaType, BodyPublisher body, Again again) {
        return new Call("POST", path.toString(), Map.of("Content-Type", mediaType), body, again);
    }

    Call with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Call(method, path, more, body, again);
    }
}
