package io.cairn.adapter.tika;

import java.io.IOException;
import java.io.InputStream;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.xml.sax.ContentHandler;

/// Takes the attachments of an Outlook message as they come by.
record OutlookAttachments(PartsTaken taken) implements EmbeddedDocumentExtractor {
    @Override
    public boolean shouldParseEmbedded(Metadata metadata) {
        return true;
    }

    @Override
    public void parseEmbedded(InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml)
            throws IOException {
        String name = metadata.get(TikaCoreProperties.RESOURCE_NAME_KEY);
        try {
            taken.add(
                    name == null || name.isBlank() ? "attachment" : name, metadata.get(Metadata.CONTENT_TYPE), stream);
        } catch (Unreadable e) {
            throw new IOException(e);
        }
    }
}
