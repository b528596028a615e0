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
import org.apache.james.mime4j.message.DefaultMessageWriter;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.tika.exception.TikaException;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;

/// Reads a message: its subject as title, its plain text where it has one and else its HTML, and the names of what is
/// attached, which are its parts.
final class MailReader {
    private static final int MOST_HEADERS = 10_000;
    private static final String HTML = "text/html";
    private static final String MESSAGE = "message/rfc822";
    private static final Map<String, String> NAMES = Map.of("from", "From", "to", "To", "cc", "Cc");

    private final DocumentReader documents;
    private final TextCollector collector;
    private final ExtractionLimits limits;

    MailReader(DocumentReader documents, TextCollector collector, ExtractionLimits limits) {
        this.documents = documents;
        this.collector = collector;
        this.limits = limits;
    }

    Extraction read(byte[] content) throws IOException, SAXException, TikaException {
        Message message = message(content);
        if (message.getFrom() == null && message.getSubject() == null && message.getDate() == null) {
            return Refusals.broken("it is said to be mail, but has neither sender nor subject nor date");
        }
        Map<String, String> correspondents = fields(message);
        writeCorrespondents(correspondents);
        List<Entity> attached = new ArrayList<>();
        Optional<Entity> body = body(message, attached);
        if (body.isPresent()) {
            readBody(body.get());
        }
        PartsTaken parts = parts(attached, content.length);
        return DocumentReader.finished(collector, message.getSubject(), MESSAGE, correspondents, parts);
    }

    PartsTaken parts(byte[] content) throws IOException, Unreadable {
        List<Entity> attached = new ArrayList<>();
        body(message(content), attached);
        return parts(attached, content.length);
    }

    private static Message message(byte[] content) throws IOException {
        DefaultMessageBuilder builder = new DefaultMessageBuilder();
        builder.setMimeEntityConfig(new MimeConfig.Builder()
                .setMaxLineLen(-1)
                .setMaxHeaderLen(-1)
                .setMaxHeaderCount(MOST_HEADERS)
                .build());
        return builder.parseMessage(new ByteArrayInputStream(content));
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

    private PartsTaken parts(List<Entity> attached, int bytesOfMessage) throws IOException, Unreadable {
        PartsTaken parts = new PartsTaken(bytesOfMessage, limits);
        for (Entity attachment : attached) {
            parts.add(name(attachment), attachment.getMimeType(), new ByteArrayInputStream(content(attachment)));
        }
        return parts;
    }

    private static String name(Entity attachment) {
        String name = attachment.getFilename();
        if (name != null && !name.isBlank()) {
            return name;
        }
        boolean isTitled = attachment.getBody() instanceof Message message && message.getSubject() != null;
        return isTitled ? ((Message) attachment.getBody()).getSubject().replace('/', ' ') : "attachment";
    }

    private static byte[] content(Entity entity) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        switch (entity.getBody()) {
            case SingleBody single -> single.writeTo(bytes);
            case Message message -> new DefaultMessageWriter().writeMessage(message, bytes);
            default -> throw new IOException("A part of the message is neither content nor a message");
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
