package io.cairn.adapter.tika;

import io.cairn.knowledge.Extraction.Reason;
import io.cairn.knowledge.Extraction.Refused;
import java.time.Duration;
import java.util.List;
import org.apache.tika.exception.ZeroByteFileException;
import org.jspecify.annotations.Nullable;

/// The refusals that are worded in one place, because several readers give them.
final class Refusals {
    private static final List<String> BOMB_MESSAGES = List.of("Suspected zip bomb", "Zip bomb detected", "JAXP0001000");

    private Refusals() {}

    static Refused empty() {
        return new Refused(Reason.EMPTY, "The file holds no text");
    }

    static Refused tooLarge(int bytes, int maxBytes) {
        return new Refused(Reason.TOO_LARGE, "The file has %d bytes, allowed are %d".formatted(bytes, maxBytes));
    }

    static Refused tooLong(int maxCharacters) {
        return new Refused(
                Reason.TOO_LONG,
                "The file holds more text than the %d characters that are allowed".formatted(maxCharacters));
    }

    static Refused unsupported(String mediaType) {
        return new Refused(
                Reason.UNSUPPORTED_TYPE,
                "Files of type %s are not read; text, Markdown, HTML, PDF, DOC, DOCX, XLS, XLSX, PPT, PPTX, RTF, ODT, EPUB, XML, EML and MSG are, and what is in ZIP, TAR, GZ, BZ2, XZ and 7Z"
                        .formatted(mediaType));
    }

    static Refused tooDeep(String what) {
        return new Refused(Reason.TOO_DEEP, what);
    }

    static Refused bomb() {
        return tooDeep("It unpacks to absurdly much, as files do that are made to do harm");
    }

    static Refused passwordProtected() {
        return new Refused(Reason.PASSWORD_PROTECTED, "The file opens with a password only; send it without one");
    }

    static Refused timedOut(Duration deadline) {
        return new Refused(
                Reason.TIMED_OUT,
                "Reading the file took longer than the %d ms that are granted".formatted(deadline.toMillis()));
    }

    static Refused broken(String why) {
        return new Refused(Reason.BROKEN, "The file cannot be read: " + why);
    }

    /// The refusal that a parser's exception stands for, found anywhere in its chain of causes.
    static Refused of(Throwable thrown, ExtractionLimits limits) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            Refused known = known(cause, limits);
            if (known != null) {
                return known;
            }
        }
        return broken(detail(thrown));
    }

    private static @Nullable Refused known(Throwable cause, ExtractionLimits limits) {
        return switch (cause) {
            case Unreadable unreadable -> unreadable.refusal();
            case TextCollector.TextTooLong _ -> tooLong(limits.maxCharacters());
            case StackOverflowError _ -> tooDeep("Its parts are nested too deep");
            case org.apache.tika.exception.EncryptedDocumentException _ -> passwordProtected();
            case org.apache.poi.EncryptedDocumentException _ -> passwordProtected();
            case ZeroByteFileException _ -> empty();
            case Throwable other when isBomb(other) -> bomb();
            case Throwable _ -> null;
        };
    }

    /// Tika, POI and the JDK's XML parser have no types of their own for this.
    private static boolean isBomb(Throwable cause) {
        String message = cause.getMessage();
        return message != null && BOMB_MESSAGES.stream().anyMatch(message::startsWith);
    }

    private static String detail(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null
                ? ""
                : ": " + root.getMessage().lines().findFirst().orElse("");
        return root.getClass().getSimpleName() + message;
    }

    static Refused crashed(String how) {
        return new Refused(Reason.CRASHED, "The process that read the file died of it: " + how);
    }
}
