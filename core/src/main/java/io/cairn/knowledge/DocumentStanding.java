package io.cairn.knowledge;

import io.cairn.row.Row;
import io.cairn.row.RowExpectation;
import java.util.Optional;

/// What there is under the id of a document.
///
/// @param row of the id, whether the document was deleted or not
/// @param content of the current version, unless there is none or it cannot be read
record DocumentStanding(DocumentId id, Optional<Row> row, Optional<Document> content) {

    Optional<Row> current() {
        return row.filter(DocumentStanding::stands);
    }

    Optional<Row> deleted() {
        return row.filter(found -> !stands(found));
    }

    /// Of the last event of the id's stream; 0 if there is none.
    long version() {
        return row.map(found -> found.number("version")).orElse(0L);
    }

    boolean isPart() {
        return content.filter(document -> document.partOf() != null).isPresent();
    }

    /// Whether it came in that document, or in one that came in it.
    boolean isPartWithin(DocumentId document) {
        return content.map(Document::partOf)
                .filter(within -> within.isOrIsWithin(document))
                .isPresent();
    }

    boolean says(Document next) {
        return current().isPresent()
                && content.filter(known -> known.sameAs(next)).isPresent();
    }

    /// The fingerprint that the current version keeps from other documents.
    Optional<String> claimed() {
        return isPart() ? Optional.empty() : current().map(found -> found.text("fingerprint"));
    }

    RowExpectation claimable(String fingerprint) {
        var key = DocumentRows.CONTENT.key(fingerprint);
        return claimed().filter(fingerprint::equals).isPresent()
                ? new RowExpectation.Cell(DocumentRows.CONTENT, key, "document", id.id())
                : new RowExpectation.Absent(DocumentRows.CONTENT, key);
    }

    RowExpectation unmoved() {
        return new RowExpectation.Cell(DocumentRows.TABLE, DocumentRows.TABLE.key(id.id()), "version", version());
    }

    static boolean stands(Row row) {
        return row.numberOrNull("deleted_at") == null;
    }
}
