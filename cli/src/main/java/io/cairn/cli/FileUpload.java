package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.CairnProblem;
import io.cairn.client.DocumentFile;
import io.cairn.client.wire.NewDocument;
import io.cairn.client.wire.StoredDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends files: texts many at a time, everything else one by one as it is.
///
/// A file is read when its turn comes. A text that is not UTF-8 goes as it is, too, for the server to find
/// out its encoding.
final class FileUpload {
    private final Cairn cairn;
    private final AddReport report;
    private final List<String> tags;
    private final String sourceType;
    private final boolean reuseDeletedIds;
    private final List<FileScan.Found> asTheyAre = new ArrayList<>();

    FileUpload(Cairn cairn, AddReport report, List<String> tags, String sourceType, boolean reuseDeletedIds) {
        this.cairn = cairn;
        this.report = report;
        this.tags = List.copyOf(tags);
        this.sourceType = sourceType;
        this.reuseDeletedIds = reuseDeletedIds;
    }

    void upload(List<FileScan.Found> files) {
        Texts texts = new Texts(files.iterator());
        cairn.documents().addAll(texts, result -> report.result(texts.sent.get(result.index()), result));
        asTheyAre.forEach(this::upload);
    }

    private void upload(FileScan.Found file) {
        String mediaType = switch (file.kind()) {
            case FileKind.Text(String type) -> type;
            case FileKind.Binary(String type) -> type;
            case FileKind.Other other -> "application/octet-stream";
        };
        DocumentFile document = new DocumentFile(
                file.path(), file.id(), null, mediaType, sourceType, null, tags, Map.of(), null, reuseDeletedIds);
        try {
            StoredDocument stored = cairn.documents().add(document);
            report.stored(file.id(), stored);
        } catch (CairnProblem problem) {
            if (!AddReport.isAboutTheDocument(problem)) {
                throw problem;
            }
            report.refused(file.id(), problem);
        } catch (UncheckedIOException gone) {
            report.refused(file.id(), "not_sent", "cannot be read: " + gone.getMessage());
        }
    }

    /// The texts among the files, read one ahead; everything else is put aside.
    private final class Texts implements Iterator<NewDocument> {
        private final Iterator<FileScan.Found> files;
        private final List<String> sent = new ArrayList<>();
        private @Nullable NewDocument next;

        Texts(Iterator<FileScan.Found> files) {
            this.files = files;
        }

        @Override
        public boolean hasNext() {
            while (next == null && files.hasNext()) {
                FileScan.Found file = files.next();
                if (file.kind() instanceof FileKind.Text(String mediaType)) {
                    next = read(file, mediaType).orElse(null);
                } else {
                    asTheyAre.add(file);
                }
            }
            return next != null;
        }

        @Override
        public NewDocument next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no more files");
            }
            NewDocument document = Objects.requireNonNull(next);
            next = null;
            sent.add(String.valueOf(document.id()));
            return document;
        }

        private Optional<NewDocument> read(FileScan.Found file, String mediaType) {
            try {
                String content = Files.readString(file.path());
                String title = mediaType.equals("text/markdown") ? heading(content) : name(file.path());
                return Optional.of(new NewDocument(
                        file.id(),
                        title,
                        content,
                        mediaType,
                        sourceType,
                        null,
                        tags,
                        Map.of(),
                        null,
                        reuseDeletedIds ? true : null));
            } catch (CharacterCodingException notUtf8) {
                asTheyAre.add(file);
            } catch (IOException unreadable) {
                report.refused(file.id(), "not_sent", "cannot be read: " + unreadable.getMessage());
            }
            return Optional.empty();
        }

        private static @Nullable String heading(String markdown) {
            List<String> headings = markdown.lines()
                    .filter(line -> line.startsWith("# "))
                    .limit(1)
                    .toList();
            return headings.isEmpty() ? null : headings.getFirst().substring(2).strip();
        }

        private static String name(Path path) {
            return String.valueOf(path.getFileName());
        }
    }
}
