package io.cairn.adapter.tika;

import io.cairn.knowledge.Extraction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.field.address.AddressFormatter;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.tika.exception.TikaException;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;

/// Reads a message: its subject as title, its plain text where it has one and else its HTML, then each
/// attachment under a heading with the attachment's name. Attachments that cannot be read are named with
/// their reason in the metadata.
final class MailReader {
    private static final int MOST_HEADERS = 10_000;
    private static final String HTML = "text/html";
    private static final Map<String, String> NAMES = Map.of("from", "From", "to", "To", "cc", "Cc");

    private final DocumentReader documents;
    private final TextCollector collector;
    private final ExtractionLimits limits;
    private final Attachments attachments;

    MailReader(DocumentReader documents, TextCollector collector, ExtractionLimits limits) {
        this.documents = documents;
        this.collector = collector;
        this.limits = limits;
        this.attachments = new Attachments(documents, collector, limits);
    }

    Extraction read(byte[] content) throws IOException, SAXException, TikaException {
        DefaultMessageBuilder builder = new DefaultMessageBuilder();
        builder.setMimeEntityConfig(new MimeConfig.Builder()
                .setMaxLineLen(-1)
                .setMaxHeaderLen(-1)
                .setMaxHeaderCount(MOST_HEADERS)
                .build());
        Message message = builder.parseMessage(new ByteArrayInputStream(content));
        if (message.getFrom() == null && message.getSubject() == null && message.getDate() == null) {
            return Refusals.broken("it is said to be mail, but has neither sender nor subject nor date");
        }
        Map<String, String> correspondents = fields(message);
        writeCorrespondents(correspondents);
        readMessage(message, 0);
        attachments.skipped().ifPresent(skipped -> correspondents.put("attachments_skipped", skipped));
        return DocumentReader.finished(collector, message.getSubject(), "message/rfc822", correspondents);
    }

    /// Who wrote to whom is searched like the rest of a message.
    private void writeCorrespondents(Map<String, String> fields) {
        String lines = Stream.of("from", "to", "cc")
                .filter(fields::containsKey)
                .map(name -> "%s: %s".formatted(NAMES.get(name), fields.get(name)))
                .collect(Collectors.joining("\n"));
        if (!lines.isEmpty()) {
            collector.plain(lines);
        }
    }

    private void readMessage(Entity message, int depth) throws IOException, SAXException, TikaException {
        if (depth > limits.maxDepth()) {
            throw new Unreadable(Refusals.tooDeep(
                    "Messages are attached to messages more than %d deep".formatted(limits.maxDepth())));
        }
        List<Entity> attached = new ArrayList<>();
        Optional<Entity> body = body(message, attached);
        if (body.isPresent()) {
            readBody(body.get());
        }
        for (Entity attachment : attached) {
            readAttachment(attachment, depth);
        }
    }

    /// The part that is the message's text; the parts that are attached to it are added to `attached`.
    private static Optional<Entity> body(Entity entity, List<Entity> attached) {
        if (!(entity.getBody() instanceof Multipart multipart)) {
            boolean isText = entity.getMimeType().startsWith("text/") && !isAttachment(entity);
            if (!isText) {
                attached.add(entity);
            }
            return isText ? Optional.of(entity) : Optional.empty();
        }
        List<Entity> candidates = new ArrayList<>();
        for (Entity part : multipart.getBodyParts()) {
            body(part, attached).ifPresent(candidates::add);
        }
        if (multipart.getSubType().equals("alternative")) {
            return candidates.stream()
                    .filter(part -> part.getMimeType().equals(Upload.PLAIN))
                    .findFirst()
                    .or(() -> candidates.stream().findFirst());
        }
        candidates.stream().skip(1).forEach(attached::add);
        return candidates.stream().findFirst();
    }

    private static boolean isAttachment(Entity entity) {
        return "attachment".equalsIgnoreCase(entity.getDispositionType());
    }

    private void readBody(Entity body) throws IOException, SAXException, TikaException {
        byte[] content = content(body);
        String type = body.getMimeType() + "; charset=" + body.getCharset();
        if (body.getMimeType().equals(HTML)) {
            documents.append(new Upload(content, type, null), collector);
        } else {
            PlainText.decode(content, new Upload(content, type, null).claimedCharset())
                    .ifPresent(collector::plain);
        }
    }

    private void readAttachment(Entity attachment, int depth) throws IOException, SAXException, TikaException {
        attachments.counted();
        String name = name(attachment);
        if (attachment.getBody() instanceof Message message) {
            collector.heading(1, message.getSubject() == null ? name : message.getSubject());
            readMessage(message, depth + 1);
            return;
        }
        attachments.read(name, new Upload(content(attachment), attachment.getMimeType(), attachment.getFilename()));
    }

    private static String name(Entity attachment) {
        String name = attachment.getFilename();
        return name == null || name.isBlank() ? attachment.getMimeType() : Titles.clean(name);
    }

    private static byte[] content(Entity entity) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (entity.getBody() instanceof SingleBody single) {
            single.writeTo(bytes);
        }
        return bytes.toByteArray();
    }

    private Map<String, String> fields(Message message) {
        Map<String, String> fields = new HashMap<>();
        put(fields, "from", message.getFrom());
        put(fields, "to", message.getTo());
        put(fields, "cc", message.getCc());
        put(fields, "message_id", message.getMessageId());
        put(fields, "date", message.getDate() == null ? null : message.getDate().toInstant());
        return fields;
    }

    private static String address(Object element) {
        return element instanceof Mailbox mailbox
                ? AddressFormatter.DEFAULT.format(mailbox, false)
                : String.valueOf(element);
    }

    private static void put(Map<String, String> fields, String name, @Nullable Object value) {
        if (value instanceof Iterable<?> list) {
            List<String> all = new ArrayList<>();
            list.forEach(element -> all.add(address(element)));
            put(fields, name, String.join(", ", all));
        } else if (value != null && !value.toString().isBlank()) {
            fields.put(name, Titles.clean(Extraction.wellFormed(value.toString())));
        }
    }
}
