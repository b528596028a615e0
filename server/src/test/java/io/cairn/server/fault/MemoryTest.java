package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// More than the heap can hold, on a server with 256 MB of it.
@Tag("fault")
class MemoryTest {
    private static final String HEAP = "-Xmx256m";
    private static final String FORM = "multipart/form-data; boundary=x";
    private static final int SIXTEEN_MB = 15_900_000;
    private static final int EIGHT_MB = 7_900_000;

    @TempDir
    Path folder;

    /// A message whose metadata are so many bytes of the same few again and again.
    private static String message(String again, int bytes) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"metadata\":{\"z\":[%s%s]}}]}"
                .formatted(again, ("," + again).repeat(bytes / (again.length() + 1)));
    }

    /// A file of its own, so that none is taken for another.
    private static String upload(int number, int bytes) {
        var text = "quick brown fox %d ".formatted(number);
        return "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n%s\r\n--x--\r\n"
                .formatted(text.repeat(bytes / text.length()));
    }

    private static List<HttpResponse<String>> crowd(
            CairnProcess cairn, int count, String path, String type, IntFunction<String> body) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, count)
                    .mapToObj(i -> threads.submit(() -> cairn.post(path, type, body.apply(i))))
                    .toList();
            var answers = new ArrayList<HttpResponse<String>>();
            for (var call : calls) {
                answers.add(call.get());
            }
            return answers;
        }
    }

    /// Each was done, or is to come again at a time that is told.
    private static void wereDoneOrPutOff(List<HttpResponse<String>> answers, int done) {
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).as(answer.body()).isIn(done, 429, 503);
            if (answer.statusCode() != done) {
                assertThat(answer.headers().firstValueAsLong("Retry-After")).isPresent();
            }
        });
        assertThat(answers).anySatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(done));
    }

    private static void isWell(CairnProcess cairn) throws Exception {
        assertThat(cairn.any("/health/ready").statusCode()).isEqualTo(200);
        assertThat(cairn.isAlive()).isTrue();
        assertThat(cairn.log()).doesNotContain("OutOfMemoryError");
    }

    /// With room for them in the limit of metadata, so that nothing but memory is in their way.
    @Test
    void bodiesOfMetadataThatTheHeapCannotHoldTogetherAreTakenOrPutOff() throws Exception {
        var cairn = CairnProcess.start(folder.resolve("data"), List.of(HEAP), "--cairn.limits.metadata=16MB");
        try {
            var body = message("\"%s\"".formatted("x".repeat(999)), EIGHT_MB);
            wereDoneOrPutOff(crowd(cairn, 3, "/v1/conversations/crowd/messages", "application/json", i -> body), 201);
            isWell(cairn);
        } finally {
            cairn.stop();
        }
    }

    /// To come again would not help: each is more in memory than all bodies together may be.
    @ParameterizedTest
    @ValueSource(strings = {"0", "[]", "{}", "\"\"", "{\"a\":{}}"})
    void bodiesOfMillionsOfTinyValuesAreRefusedForGoodOrPutOff(String again) throws Exception {
        var cairn = CairnProcess.start(folder.resolve("data"), List.of(HEAP), "--cairn.limits.metadata=16MB");
        try {
            var body = message(again, SIXTEEN_MB);
            var answers = crowd(cairn, 3, "/v1/conversations/crowd/messages", "application/json", i -> body);
            wereDoneOrPutOff(answers, 413);
            assertThat(answers)
                    .filteredOn(answer -> answer.statusCode() == 413)
                    .allSatisfy(answer -> assertThat(answer.body()).contains("which is what memory allows"));
            isWell(cairn);
        } finally {
            cairn.stop();
        }
    }

    /// To come again would not help: a message may have 64 KB of metadata.
    @Test
    void bodiesOfMetadataBeyondTheirLimitAreRefusedForThatOrPutOff() throws Exception {
        var cairn = CairnProcess.start(folder.resolve("data"), List.of(HEAP));
        try {
            var body = message("\"%s\"".formatted("x".repeat(999)), SIXTEEN_MB);
            var answers = crowd(cairn, 3, "/v1/conversations/crowd/messages", "application/json", i -> body);
            wereDoneOrPutOff(answers, 422);
            assertThat(answers)
                    .filteredOn(answer -> answer.statusCode() == 422)
                    .allSatisfy(answer -> assertThat(answer.body()).contains("metadata", "at most 65536 characters"));
            isWell(cairn);
        } finally {
            cairn.stop();
        }
    }

    /// Who sends to a hook has no key, and is known only once the body was read.
    @Test
    void webhooksOfAnybodyThatTheHeapCannotHoldTogetherAreRefusedOrPutOff() throws Exception {
        var cairn = CairnProcess.start(
                folder.resolve("data"),
                List.of(HEAP),
                "--cairn.hooks.crm.secrets=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        try {
            var body = "x".repeat(SIXTEEN_MB);
            wereDoneOrPutOff(crowd(cairn, 12, "/hooks/crm", "application/json", i -> body), 413);
            isWell(cairn);
        } finally {
            cairn.stop();
        }
    }

    @Test
    void filesThatTheHeapCannotHoldTogetherAreTakenOrPutOff() throws Exception {
        var cairn = CairnProcess.start(folder.resolve("data"), List.of(HEAP));
        try {
            wereDoneOrPutOff(crowd(cairn, 6, "/v1/documents", FORM, i -> upload(i, 4_900_000)), 201);
            isWell(cairn);
        } finally {
            cairn.stop();
        }
    }

    /// To come again would not help here either: `cairn.limits.in-flight` is half of the heap, and a file needs eight
    /// times its size of it.
    @Test
    void filesThatTheHeapCouldNotHoldAloneAreRefusedForGood() throws Exception {
        var cairn = CairnProcess.start(folder.resolve("data"), List.of(HEAP));
        try {
            var file = upload(1, (50 << 20) - 1_000);
            assertThat(crowd(cairn, 6, "/v1/documents", FORM, i -> file)).allSatisfy(answer -> {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(413);
                assertThat(answer.body()).contains("cairn.limits.in-flight");
            });
            isWell(cairn);
        } finally {
            cairn.stop();
        }
    }

    @Test
    void whenMemoryRunsOutTheProcessEndsAndWhatWasAcknowledgedIsThereAfterwards() throws Exception {
        var cairn = CairnProcess.start(folder.resolve("data"), "--cairn.limits.in-flight=100GB");
        try {
            assertThat(cairn.post(
                                    "/v1/conversations/kept/messages",
                                    "{\"messages\":[{\"id\":\"m\",\"role\":\"user\",\"content\":\"Kept.\"}]}")
                            .statusCode())
                    .isEqualTo(201);
            var file = upload(1, 47_000_000);
            var broken = catchThrowable(() -> crowd(cairn, 6, "/v1/documents", FORM, i -> file));
            assertThat(broken).rootCause().isInstanceOf(IOException.class);
            assertThat(cairn.exit(Duration.ofSeconds(30))).isEqualTo(3);
            cairn.restart();
            assertThat(cairn.get("/v1/conversations/kept/messages").toString()).contains("Kept.");
        } finally {
            cairn.stop();
        }
        assertThat(cairn.verify()).as(cairn::log).isZero();
    }
}
