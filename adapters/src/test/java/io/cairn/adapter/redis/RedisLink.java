package io.cairn.adapter.redis;

import io.cairn.adapter.sql.TestServers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ServerSocketFactory;

/// A way to the Redis of the tests that can be stopped, broken and mended, as if that happened to Redis, which other
/// tests use at the same time.
final class RedisLink implements AutoCloseable {
    private final ServerSocketFactory sockets;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition goesOn = lock.newCondition();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile int lost;
    private boolean paused;
    private ServerSocket listening;

    RedisLink(ServerSocketFactory sockets) throws IOException {
        this.sockets = sockets;
        this.listening = listen(0);
        this.port = listening.getLocalPort();
    }

    int port() {
        return port;
    }

    private ServerSocket listen(int at) throws IOException {
        var socket = sockets.createServerSocket(at, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> accept(socket));
        return socket;
    }

    private void accept(ServerSocket socket) {
        var redis = TestServers.redis();
        while (!socket.isClosed()) {
            try {
                var client = socket.accept();
                open.add(client);
                var server = new Socket(redis.getHost(), redis.getPort());
                open.add(server);
                int number = accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> pass(number, client, server));
                Thread.ofVirtual().start(() -> pass(number, server, client));
            } catch (IOException closed) {
                // Whoever could not come in is told by their connection.
            }
        }
    }

    private void pass(int number, Socket from, Socket to) {
        try (from;
                to) {
            pass(number, from.getInputStream(), to.getOutputStream());
        } catch (IOException broken) {
            open.remove(from);
            open.remove(to);
        }
    }

    private void pass(int number, InputStream in, OutputStream out) throws IOException {
        var bytes = new byte[8192];
        for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
            awaitGoingOn();
            if (number > lost) {
                out.write(bytes, 0, read);
                out.flush();
            }
        }
    }

    private void awaitGoingOn() {
        lock.lock();
        try {
            while (paused) {
                goesOn.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Connections stay, and nothing comes through them, as of a process that was stopped.
    void pause() {
        pause(true);
    }

    void goOn() {
        pause(false);
    }

    private void pause(boolean now) {
        lock.lock();
        try {
            paused = now;
            goesOn.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The connections that there are lead nowhere from now on, and nobody is told; others go through.
    void lose() {
        lost = accepted.get();
    }

    /// All connections break, and no other is taken.
    void die() throws IOException {
        listening.close();
        for (var socket : open) {
            socket.close();
        }
        open.clear();
    }

    /// At the same address.
    void start() throws IOException {
        listening = listen(port);
    }

    /// @param scheme `redis` or `rediss`
    URI url(String scheme, String host) {
        return URI.create("%s://%s@%s:%d".formatted(scheme, TestServers.redis().getUserInfo(), host, port));
    }

    @Override
    public void close() {
        goOn();
        try {
            die();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
