package io.cairn.adapter.tika;

import io.cairn.knowledge.Extraction.Refused;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tika.exception.TikaException;
import org.xml.sax.SAXException;

/// The attachments of one message: each under a heading with its name. Those that cannot be read are named with their
/// reason.
final class Attachments {
    private static final int MOST = 200;

    private final DocumentReader documents;
    private final TextCollector collector;
    private final ExtractionLimits limits;
    private final List<String> skipped = new ArrayList<>();
    private int count;

    Attachments(DocumentReader documents, TextCollector collector, ExtractionLimits limits) {
        this.documents = documents;
        this.collector = collector;
        this.limits = limits;
    }

    /// One more is there.
    void counted() throws Unreadable {
        if (++count > MOST) {
            throw new Unreadable(Refusals.tooDeep("The message has more than %d attachments".formatted(MOST)));
        }
    }

    void read(String name, Upload attachment) {
        TextCollector.Mark mark = collector.mark();
        try {
            collector.heading(1, name);
            collector.lowerHeadingsBy(1);
            documents.append(attachment, collector);
        } catch (TextCollector.TextTooLong e) {
            throw e;
        } catch (IOException | SAXException | TikaException | RuntimeException e) {
            collector.backTo(mark);
            Refused refused = Refusals.of(e, limits);
            skipped.add("%s (%s)".formatted(name, refused.reason().code()));
        } finally {
            collector.lowerHeadingsBy(0);
        }
    }

    /// Which were not read, and why.
    Optional<String> skipped() {
        return skipped.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", skipped));
    }
}
