package io.cairn.client;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A multipart form (RFC 7578) whose files are read while they are sent.
final class Form {
    private final String boundary;
    private final List<BodyPublisher> parts = new ArrayList<>();

    Form(String boundary) {
        this.boundary = boundary;
    }

    Form field(String name, @Nullable Object value) {
        if (value != null) {
            text(head(name) + "\r\n\r\n" + value + "\r\n");
        }
        return this;
    }

    Form file(String name, Path path, String mediaType) {
        text(head(name) + "; filename=\"" + escaped(String.valueOf(path.getFileName())) + "\"\r\nContent-Type: "
                + mediaType + "\r\n\r\n");
        try {
            parts.add(BodyPublishers.ofFile(path));
        } catch (FileNotFoundException gone) {
            throw new UncheckedIOException(gone);
        }
        text("\r\n");
        return this;
    }

    Call call(Address address) {
        List<BodyPublisher> all = new ArrayList<>(parts);
        all.add(BodyPublishers.ofString("--" + boundary + "--\r\n"));
        BodyPublisher body = BodyPublishers.concat(all.toArray(BodyPublisher[]::new));
        return Call.post(address, "multipart/form-data; boundary=" + boundary, body, Call.Again.HARMLESS);
    }

    private String head(String name) {
        return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"";
    }

    private void text(String text) {
        parts.add(BodyPublishers.ofString(text, StandardCharsets.UTF_8));
    }

    private static String escaped(String name) {
        return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }
}
