package io.cairn.client.wire;

import java.util.List;

/// What a batch of documents answers, one result per document in the order of the request.
public record DocumentBatchAnswer(String position, List<DocumentResult> results) {
    public DocumentBatchAnswer {
        results = Copy.of(results);
    }
}
