package io.cairn.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class MeanwhileTest {
    @Test
    void whatTheWorkThrewIsThrownToWhoeverWaits() {
        var checked = Meanwhile.<String, IOException>begin(() -> {
            throw new IOException("disk");
        });
        var unchecked = Meanwhile.<String, IOException>begin(() -> {
            throw new IllegalStateException("bug");
        });
        var error = Meanwhile.<String, IOException>begin(() -> {
            throw new StackOverflowError("deep");
        });

        assertThatThrownBy(checked::outcome).isInstanceOf(IOException.class).hasMessage("disk");
        assertThatThrownBy(unchecked::outcome)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("bug");
        assertThatThrownBy(error::outcome)
                .isInstanceOf(StackOverflowError.class)
                .hasMessage("deep");
    }

    @Test
    void itsEndIsAwaitedWhateverCameOfIt() {
        var failed = Meanwhile.<String, IOException>begin(() -> {
            throw new IOException("disk");
        });

        failed.end();
    }

    @Test
    void itGoesOnWhileWhoeverBeganItDoesTheNextThing() {
        var next = new CountDownLatch(1);
        var work = Meanwhile.begin(() -> {
            try {
                next.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Thread.currentThread();
        });
        next.countDown();

        assertThat(work.outcome()).isNotSameAs(Thread.currentThread());
    }

    @Test
    void anInterruptNeitherReachesTheWorkNorIsLost() {
        var interrupted = new AtomicBoolean();
        var begun = new CountDownLatch(1);
        var work = Meanwhile.begin(() -> {
            begun.countDown();
            long until = System.nanoTime() + 20_000_000;
            while (System.nanoTime() < until) {
                interrupted.compareAndSet(false, Thread.currentThread().isInterrupted());
            }
            return "done";
        });
        Thread.currentThread().interrupt();

        assertThat(work.outcome()).isEqualTo("done");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(interrupted).isFalse();
    }
}
