package io.cairn.adapter.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that takes one request a connection and answers byte by byte as it was told.
final class HostileServer implements AutoCloseable {
    private static final long DRIP_MILLIS = 20;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    private interface Answer {
        void to(Socket client) throws IOException, InterruptedException;
    }

    private HostileServer(AnswerOf answer) throws IOException {
        Thread.ofVirtual().start(() -> accept(answer));
    }

    private interface AnswerOf {
        Answer of(HostileServer server);
    }

    static HostileServer answering(String text) throws IOException {
        return new HostileServer(server -> client -> {
            client.getOutputStream().write(text.getBytes(ISO_8859_1));
            server.closed.await();
        });
    }

    static HostileServer closing() throws IOException {
        return new HostileServer(server -> Socket::close);
    }

    static HostileServer dripping(String slow) throws IOException {
        return dripping("", slow);
    }

    static HostileServer dripping(String fast, String slow) throws IOException {
        return new HostileServer(server -> client -> {
            client.getOutputStream().write(fast.getBytes(ISO_8859_1));
            for (byte each : slow.getBytes(ISO_8859_1)) {
                client.getOutputStream().write(each);
                if (server.closed.await(DRIP_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        });
    }

    static HostileServer endless(String first, String again) throws IOException {
        return new HostileServer(server -> client -> {
            client.getOutputStream().write(first.getBytes(ISO_8859_1));
            while (server.closed.getCount() > 0) {
                client.getOutputStream().write(again.getBytes(ISO_8859_1));
            }
        });
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port() + "/");
    }

    int port() {
        return server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    synchronized String received() {
        return received.toString(ISO_8859_1);
    }

    private void accept(AnswerOf answer) {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(client, answer));
            } catch (IOException over) {
                return;
            }
        }
    }

    private void serve(Socket client, AnswerOf answer) {
        try (client) {
            read(client);
            answer.of(this).to(client);
        } catch (IOException gone) {
            // The client had enough, as it should.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A request whose length its head tells.
    private synchronized void read(Socket client) throws IOException {
        var in = client.getInputStream();
        received.reset();
        while (!received.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            received.write(in.read());
        }
        var head = received.toString(ISO_8859_1);
        int at = head.indexOf("Content-Length: ");
        int length = Integer.parseInt(head.substring(at + "Content-Length: ".length(), head.indexOf('\r', at)));
        received.write(in.readNBytes(length));
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
    }
}
