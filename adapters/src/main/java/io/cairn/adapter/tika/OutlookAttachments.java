package io.cairn.adapter.tika;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.xml.sax.ContentHandler;

/// Takes the attachments of an Outlook message as they come by, to be read once the message is.
///
/// @param attached those that came by
/// @param limits of one file, which all of them together keep to
record OutlookAttachments(List<Named> attached, ExtractionLimits limits) implements EmbeddedDocumentExtractor {
    /// An attachment with its name.
    record Named(String name, Upload upload) {}

    OutlookAttachments(ExtractionLimits limits) {
        this(new ArrayList<>(), limits);
    }

    @Override
    public boolean shouldParseEmbedded(Metadata metadata) {
        return true;
    }

    @Override
    public void parseEmbedded(InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml)
            throws IOException {
        long before = attached.stream()
                .mapToLong(named -> named.upload().content().length)
                .sum();
        var content = stream.readNBytes((int) (limits.maxBytes() - before + 1));
        if (before + content.length > limits.maxBytes()) {
            throw new IOException(new Unreadable(
                    Refusals.tooLarge((int) Math.min(Integer.MAX_VALUE, before + content.length), limits.maxBytes())));
        }
        var name = metadata.get(TikaCoreProperties.RESOURCE_NAME_KEY);
        var type = metadata.get(Metadata.CONTENT_TYPE);
        attached.add(new Named(
                name == null || name.isBlank() ? "attachment" : Titles.clean(name), new Upload(content, type, name)));
    }
}
