package io.cairn.server.http;

import io.cairn.client.wire.ProblemItem;
import io.cairn.client.wire.Wire;
import io.cairn.event.StorageException;
import io.cairn.event.UnreadableException;
import io.cairn.projection.OutdatedVersionException;
import io.cairn.seal.SealBrokenException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.coyote.BadRequestException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/// The one place where failures become answers: decides whose they are and writes them as problem details.
public final class Problems implements HandlerExceptionResolver {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final HttpLimits limits;

    public Problems(HttpLimits limits) {
        this.limits = limits;
    }

    @Override
    public ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        try {
            write(request, response, failure);
        } catch (IOException gone) {
            LOG.debug("Nobody waits for the answer any more", gone);
        }
        return new ModelAndView();
    }

    /// Answers with the problem that the failure is, unless an answer is under way already.
    public void write(HttpServletRequest request, HttpServletResponse response, Throwable failure) throws IOException {
        var refusal = refusal(failure);
        if (refusal.trouble().status() >= 500 && failure != refusal) {
            log(request, refusal.trouble(), failure);
        }
        if (response.isCommitted()) {
            LOG.debug("The answer broke off", failure);
            return;
        }
        response.resetBuffer();
        response.setStatus(refusal.trouble().status());
        boolean openAi = OpenAiError.isWanted(request);
        response.setContentType(openAi ? MediaType.APPLICATION_JSON_VALUE : MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        refusal.headers().forEach(response::setHeader);
        var correlation = Call.correlationOf(request);
        var body = openAi
                ? Json.mapper().writeValueAsBytes(OpenAiError.of(refusal, correlation))
                : Wire.requests().writeValueAsBytes(refusal.details(correlation));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /// What passes by itself comes in crowds, and where it arose is of no use to anybody then.
    private static void log(HttpServletRequest request, Trouble trouble, Throwable failure) {
        var path = Field.shown(request.getRequestURI());
        if (trouble.passes()) {
            LOG.warn("{} {} failed: {}", request.getMethod(), path, failure.getMessage());
            LOG.debug("It failed here", failure);
        } else {
            LOG.error("{} {} failed", request.getMethod(), path, failure);
        }
    }

    /// What a failure means to whoever called.
    public Refusal refusal(Throwable failure) {
        if (causes(failure).anyMatch(Problems::tellsOfFullDisk)) {
            return Trouble.STORAGE_FULL.because("The disk that holds the data folder is full");
        }
        return causes(failure)
                .flatMap(cause -> Stream.ofNullable(known(cause)))
                .findFirst()
                .orElseGet(() -> Trouble.INTERNAL.because("Something went wrong on the server's side"));
    }

    /// An upload on its way, for one, is a file before any store sees it. Java knows the case by its words only.
    private static boolean tellsOfFullDisk(Throwable cause) {
        return cause instanceof IOException
                && String.valueOf(cause.getMessage()).contains("No space left on device");
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(10);
    }

    private @Nullable Refusal known(Throwable cause) {
        return switch (cause) {
            case Refusal refusal -> refusal;
            case BodyTooLargeException large -> large.refusal();
            case OneReading.OtherEncodingException other -> other.refusal();
            case StorageException storage -> storage(storage);
            case UnreadableException unreadable ->
                Trouble.STORAGE_DAMAGED.because(String.valueOf(unreadable.getMessage()));
            case SealBrokenException broken ->
                Trouble.STORAGE_DAMAGED.because("A key or a part of a document is not what was sealed");
            case OutdatedVersionException outdated ->
                Trouble.NODE_OUTDATED.because(String.valueOf(outdated.getMessage()));
            case MaxUploadSizeExceededException large -> BodyTooLargeException.refusal(limits.uploadBytesMax());
            case HttpMessageNotReadableException unreadable -> JsonProblems.of(unreadable);
            case MissingServletRequestPartException missing -> missing(missing.getRequestPartName());
            case MissingServletRequestParameterException missing -> missing(missing.getParameterName());
            case MethodArgumentTypeMismatchException mismatch -> mismatch(mismatch);
            case MultipartException form -> Trouble.MALFORMED_REQUEST.because("The multipart form cannot be read");
            case ServletRequestBindingException binding ->
                Trouble.MALFORMED_REQUEST.because(String.valueOf(binding.getMessage()));
            case BadRequestException broken ->
                Trouble.MALFORMED_REQUEST.because("The body ends early or is not sent as its headers say");
            case InvalidParameterException parameter ->
                Trouble.MALFORMED_REQUEST.because("A parameter of the query or of the form cannot be read");
            case RequestRejectedException rejected ->
                Trouble.MALFORMED_REQUEST.because("The request line or a header holds what is not let in");
            case HttpRequestMethodNotSupportedException method -> method(method);
            case HttpMediaTypeNotSupportedException type ->
                Trouble.MEDIA_TYPE_UNSUPPORTED.because("Content-Type %s is not taken here; allowed: %s"
                        .formatted(Field.shown(type.getContentType()), types(type.getSupportedMediaTypes())));
            case HttpMediaTypeNotAcceptableException type ->
                Trouble.NOT_ACCEPTABLE.because("Answers here come as " + types(type.getSupportedMediaTypes()));
            case NoHandlerFoundException none -> unknownRoute(none.getHttpMethod(), none.getRequestURL());
            case NoResourceFoundException none ->
                unknownRoute(none.getHttpMethod().name(), none.getResourcePath());
            default -> null;
        };
    }

    private static Refusal unknownRoute(String method, String path) {
        return Trouble.NOT_FOUND.because("There is no route %s %s".formatted(method, Field.shown(path)));
    }

    private static Refusal storage(StorageException failure) {
        var detail = String.valueOf(failure.getMessage());
        return switch (failure.kind()) {
            case FULL -> Trouble.STORAGE_FULL.because("The disk that holds the log is full");
            case BUSY ->
                Trouble.STORAGE_BUSY
                        .because(detail)
                        .retryAfter(failure.retryAfter().orElse(RETRY_AFTER));
            case UNKNOWN ->
                Trouble.OUTCOME_UNKNOWN
                        .because("The commit may or may not have happened; with the same ids it happens once")
                        .retryAfter(RETRY_AFTER);
            case BROKEN -> Trouble.STORAGE_BROKEN.because("The log cannot be read or written");
            case DAMAGED -> Trouble.STORAGE_DAMAGED.because("The log is damaged where this is kept");
        };
    }

    private static Refusal missing(String name) {
        return Trouble.INVALID.because(
                name + " is missing",
                List.of(new ProblemItem(null, name, "missing", name + " is missing", "nothing", "a value")));
    }

    private static Refusal mismatch(MethodArgumentTypeMismatchException mismatch) {
        return Field.of(mismatch.getName()).invalid(Field.shown(mismatch.getValue()), "a whole number");
    }

    private static Refusal method(HttpRequestMethodNotSupportedException failure) {
        var allowed = failure.getSupportedMethods() == null ? "" : String.join(", ", failure.getSupportedMethods());
        return Trouble.METHOD_NOT_ALLOWED
                .because("%s is not allowed here; allowed: %s".formatted(failure.getMethod(), allowed))
                .header("Allow", allowed);
    }

    private static String types(List<MediaType> types) {
        return types.stream().map(MediaType::toString).distinct().collect(Collectors.joining(", "));
    }
}
