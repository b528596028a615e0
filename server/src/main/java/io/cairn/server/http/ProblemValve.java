package io.cairn.server.http;

import io.cairn.client.wire.ProblemDetails;
import io.cairn.client.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/// Answers what Tomcat refuses before any door sees it, such as a broken request line, in the form of all problems.
///
/// Tomcat makes it by its name, so it is public and has no parameters.
public final class ProblemValve extends ErrorReportValve {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemValve.class);

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        var correlation = UUID.randomUUID().toString();
        var body = Wire.requests().writeValueAsString(details(status, correlation));
        try {
            response.setHeader(Edge.CORRELATION_HEADER, correlation);
            SafeHeaders.put(response::setHeader);
            response.setContentType("application/problem+json");
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            var writer = response.getReporter();
            if (writer != null) {
                writer.write(body);
                response.finishResponse();
            }
        } catch (IOException | IllegalStateException gone) {
            LOG.debug("Nobody waits for the answer any more", gone);
        }
    }

    private static ProblemDetails details(int status, String correlation) {
        var trouble = switch (status) {
            case 405 -> Trouble.METHOD_NOT_ALLOWED;
            case 500 -> Trouble.INTERNAL;
            default -> Trouble.MALFORMED_REQUEST;
        };
        var known = HttpStatus.resolve(status);
        return new ProblemDetails(
                "urn:cairn:problem:" + trouble.code(),
                known == null ? trouble.title() : known.getReasonPhrase(),
                status,
                trouble.code(),
                "It was refused before any route was looked for",
                trouble.remedy(),
                correlation,
                List.of(),
                null);
    }
}
