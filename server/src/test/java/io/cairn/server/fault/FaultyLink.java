package io.cairn.server.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The way from a node to its database, which can be cut, stalled, slowed down, and lost on one side only.
final class FaultyLink implements AutoCloseable {
    private static final int CHUNK_BYTES = 16 << 10;

    private final ServerSocket entrance;
    private final InetSocketAddress server;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flowing = lock.newCondition();
    private boolean stalled;
    private volatile boolean refusing;
    private volatile Duration delay = Duration.ZERO;

    private FaultyLink(InetSocketAddress server) throws IOException {
        this.server = server;
        this.entrance = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        threads.submit(this::accept);
    }

    /// A link to the server of a URL such as `jdbc:postgresql://HOST:PORT/DATABASE`.
    static FaultyLink to(String url) throws IOException {
        var address = URI.create(url.substring("jdbc:".length()));
        return new FaultyLink(new InetSocketAddress(address.getHost(), address.getPort()));
    }

    /// The URL, by way of this link.
    String through(String url) {
        return url.replaceFirst("//[^/]*/", "//127.0.0.1:%d/".formatted(entrance.getLocalPort()));
    }

    /// Breaks all connections, on both sides.
    void cut() {
        connections.forEach(Connection::breakOff);
    }

    /// Breaks all connections, and each new one at once, until it is mended.
    void refuse() {
        refusing = true;
        cut();
    }

    /// From now on nothing gets through, while everybody believes to be connected.
    void stall() {
        lock.lock();
        try {
            stalled = true;
        } finally {
            lock.unlock();
        }
    }

    /// Each chunk of bytes takes so much longer.
    void delay(Duration each) {
        delay = each;
    }

    /// What was held back arrives, and new connections get through.
    void mend() {
        refusing = false;
        delay = Duration.ZERO;
        lock.lock();
        try {
            stalled = false;
            flowing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The node's connections break, and the server does not notice.
    void loseNode() {
        connections.forEach(connection -> connection.lose(connection.node()));
    }

    /// The server's connections break, and the node does not notice.
    void loseServer() {
        connections.forEach(connection -> connection.lose(connection.server()));
    }

    private Void accept() throws IOException {
        while (closed.getCount() > 0) {
            var node = entrance.accept();
            if (refusing) {
                reset(node);
                continue;
            }
            var connection = new Connection(node, connected(), new CountDownLatch(1));
            connections.add(connection);
            threads.submit(() -> pump(connection, connection.node(), connection.server()));
            threads.submit(() -> pump(connection, connection.server(), connection.node()));
        }
        return null;
    }

    /// Unconnected where the server does not listen, which its peer notices as a connection that breaks at once.
    private Socket connected() throws SocketException {
        var socket = new Socket();
        try {
            socket.connect(server, 1000);
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            reset(socket);
        }
        return socket;
    }

    private Void pump(Connection connection, Socket from, Socket to) throws InterruptedException {
        var chunk = new byte[CHUNK_BYTES];
        try {
            for (int read = from.getInputStream().read(chunk);
                    read >= 0;
                    read = from.getInputStream().read(chunk)) {
                pass();
                to.getOutputStream().write(chunk, 0, read);
            }
            connection.ended();
        } catch (IOException broken) {
            connection.ended();
        }
        if (connection.lost().getCount() > 0) {
            connections.remove(connection);
        }
        return null;
    }

    private void pass() throws InterruptedException {
        var late = delay;
        if (!late.isZero() && closed.await(late.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
        }
        lock.lock();
        try {
            while (stalled) {
                flowing.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// One connection: the socket to the node and that to the server.
    ///
    /// @param lost whether one side has been broken without the other one's knowledge
    private record Connection(Socket node, Socket server, CountDownLatch lost) {
        void lose(Socket side) {
            lost.countDown();
            reset(side);
        }

        void breakOff() {
            reset(node);
            reset(server);
        }

        /// What one side ends the other side hears of, unless that is the fault.
        void ended() {
            if (lost.getCount() > 0) {
                breakOff();
            }
        }
    }

    /// At once and without a farewell.
    private static void reset(Socket socket) {
        try {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        entrance.close();
        mend();
        for (var connection : List.copyOf(connections)) {
            connection.breakOff();
        }
        threads.shutdownNow();
        threads.close();
    }
}
