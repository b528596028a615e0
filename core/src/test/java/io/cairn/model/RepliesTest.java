package io.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RepliesTest {
    private static final Tenant ACME = new Tenant("acme");

    private final AtomicLong now = new AtomicLong();
    private final Replies replies = new Replies(new Replies.Limits(200, 300, Duration.ofMinutes(5)), now::get);
    private final AtomicInteger ends = new AtomicInteger();

    /// An answer that a test gives word by word.
    private static final class Spoken implements ChatStream {
        private static final String END = "end";
        private final LinkedBlockingQueue<String> words = new LinkedBlockingQueue<>();
        private final CountDownLatch closed = new CountDownLatch(1);

        private Spoken say(String... said) {
            words.addAll(List.of(said));
            return this;
        }

        @Override
        public Optional<ChatPiece> next() {
            try {
                var word = words.take();
                if (word.equals("fail")) {
                    throw ModelException.of("scripted", ModelException.Kind.AWAY, "it broke off");
                }
                return word.equals(END)
                        ? Optional.empty()
                        : Optional.of(new ChatPiece(word, true, Optional.empty(), false));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            closed.countDown();
            say("fail");
        }

        private boolean isClosed() {
            return closed.getCount() == 0;
        }
    }

    private Replies.Begun begun(String id, Spoken spoken) {
        return replies.begin(ACME, id, "small", "small", spoken, ends::incrementAndGet);
    }

    private static List<String> heard(ChatStream stream) {
        var heard = new ArrayList<String>();
        try {
            for (var piece = stream.next(); piece.isPresent(); piece = stream.next()) {
                heard.add(piece.get().data());
            }
        } catch (ModelException e) {
            heard.add(String.valueOf(e.getMessage()));
        }
        return heard;
    }

    @Test
    void allListenersHearAllOfItWheneverTheyCome() throws Exception {
        var spoken = new Spoken().say("a", "b");
        var reply = begun("r", spoken);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<List<String>>>();
            all.add(threads.submit(() -> heard(reply.listener())));
            for (int i = 0; i < 50; i++) {
                var listener = reply.reply().listen();
                all.add(threads.submit(() -> heard(listener)));
            }
            spoken.say("c", Spoken.END);
            for (var one : all) {
                assertThat(one.get()).containsExactly("a", "b", "c");
            }
        }

        assertThat(heard(replies.find(ACME, "r").orElseThrow().listen())).containsExactly("a", "b", "c");
        await().until(spoken::isClosed);
        await().untilAsserted(() -> assertThat(ends).hasValue(1));
    }

    @Test
    void nobodyWaitsForAReplyThatNobodyTakesIn() {
        var reply = replies.begin(
                ACME,
                "r",
                "small",
                "small",
                new ChatStream() {
                    @Override
                    public Optional<ChatPiece> next() {
                        throw new StackOverflowError("as when there is no room any more");
                    }

                    @Override
                    public void close() {}
                },
                ends::incrementAndGet);

        assertThat(heard(reply.listener()))
                .singleElement()
                .asString()
                .contains("The reply was not taken in to its end");
        await().untilAsserted(() -> assertThat(ends).hasValue(1));
    }

    @Test
    void aListenerWhoDoesNotListenHoldsNobodyUp() {
        var spoken = new Spoken().say("a", "b", "c", Spoken.END);
        var reply = begun("r", spoken);

        assertThat(heard(reply.reply().listen())).containsExactly("a", "b", "c");
        assertThat(heard(reply.listener())).containsExactly("a", "b", "c");
    }

    @Test
    void itEndsWhenTheLastListenerLeavesAndNotBefore() {
        var spoken = new Spoken().say("a");
        var reply = begun("r", spoken);
        var other = reply.reply().listen();
        reply.listener().close();
        reply.listener().close();
        assertThat(spoken.isClosed()).isFalse();
        other.close();

        await().until(spoken::isClosed);
        await().until(() -> ends.get() == 1);
        assertThat(heard(reply.reply().listen())).endsWith("All listeners had left");
    }

    @Test
    void cancellingItEndsItForAll() throws Exception {
        var spoken = new Spoken().say("a");
        var reply = begun("r", spoken);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var heard = threads.submit(() -> heard(reply.listener()));
            reply.reply().cancel();
            assertThat(heard.get()).endsWith("The reply was cancelled");
        }

        await().until(spoken::isClosed);
        await().untilAsserted(() -> assertThat(ends).hasValue(1));
    }

    @Test
    void aFailureIsHeardBehindWhatWasSaid() {
        assertThat(heard(begun("r", new Spoken().say("a", "fail")).listener())).containsExactly("a", "it broke off");
    }

    @Test
    void oneThatGrowsTooLongIsEnded() {
        var spoken = new Spoken().say("x".repeat(120), "y".repeat(120), "z");

        assertThat(heard(begun("r", spoken).listener()))
                .hasSize(2)
                .last()
                .asString()
                .contains("200 bytes", "cairn.models.replies.bytes");
        await().until(spoken::isClosed);
    }

    @Test
    void oneMayBeAsLongAsTheSettingSaysInBytes() {
        var latin = new Spoken().say("x".repeat(200), Spoken.END);
        var umlauts = new Spoken().say("ä".repeat(101));

        assertThat(heard(begun("latin", latin).listener())).containsExactly("x".repeat(200));
        assertThat(heard(begun("umlauts", umlauts).listener()))
                .singleElement()
                .asString()
                .contains("200 bytes");
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() throws Exception {
        var reply = begun("r", new Spoken());
        var waiting = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(() -> reply.listener().next()).hasMessageContaining("given up"));
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        waiting.interrupt();
        waiting.join();
    }

    @Test
    void thoseThatHaveEndedLeaveAfterAWhileOrWhenThereAreTooMany() {
        heard(begun("one", new Spoken().say("x".repeat(180), Spoken.END)).listener());
        heard(begun("two", new Spoken().say("x".repeat(180), Spoken.END)).listener());
        begun("open", new Spoken().say("a"));
        assertThat(replies.find(ACME, "one")).isEmpty();
        assertThat(replies.find(ACME, "two")).isPresent();
        assertThat(replies.find(new Tenant("other"), "two")).isEmpty();
        now.addAndGet(Duration.ofMinutes(6).toNanos());

        assertThat(replies.find(ACME, "two")).isEmpty();
        assertThat(replies.find(ACME, "open")).isPresent();
        assertThat(replies.count()).isEqualTo(1);
    }
}
