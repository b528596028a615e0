package io.cairn.client.wire;

import java.util.List;

/// The body of `POST /v1/documents/batch`: each document succeeds or fails alone.
public record DocumentBatch(List<NewDocument> documents) {
    public DocumentBatch {
        documents = Copy.of(documents);
    }
}
