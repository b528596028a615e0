package io.cairn.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that answers as providers of models do, or fails as they may, by a script.
///
/// It speaks what OpenAI speaks (`…/embeddings`, `…/chat/completions`, `…/models`), Anthropic's `…/messages` and
/// Ollama's `…/api/chat`. Each request takes the next reply of the script; where there is none it is answered well:
/// chat repeats the last message word by word, and texts that share words have vectors near each other, in a space of
/// each model's own. It sends bytes exactly as
/// the script says, which no HTTP server does, so it is one of its own.
public final class ModelServer implements AutoCloseable {
    private final ServerSocket listening;
    private final Queue<ModelReply> script = new ArrayDeque<>();
    private final List<ModelRequest> requests = new ArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private ModelReply otherwise = ModelReply.well();

    private ModelServer(ServerSocket listening) {
        this.listening = listening;
    }

    /// A server on a free port of this machine.
    public static ModelServer start() {
        try {
            var server = new ModelServer(new ServerSocket(0, 1000, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().name("model-server").start(server::listen);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where it listens, without a path.
    public URI url() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /// Adds to the script.
    public synchronized ModelServer then(ModelReply... replies) {
        script.addAll(List.of(replies));
        return this;
    }

    /// How requests are answered when the script is at its end.
    public synchronized ModelServer otherwise(ModelReply reply) {
        otherwise = reply;
        return this;
    }

    /// The requests so far, in the order in which they came.
    public synchronized List<ModelRequest> requests() {
        return List.copyOf(requests);
    }

    /// The request that came last.
    public ModelRequest lastRequest() {
        return requests().getLast();
    }

    /// Connections that are open.
    public int connections() {
        return connections.size();
    }

    /// Connections that were ever opened.
    public int connectionsSoFar() {
        return accepted.get();
    }

    private void listen() {
        try {
            while (true) {
                var socket = listening.accept();
                accepted.incrementAndGet();
                connections.add(socket);
                Thread.ofVirtual().name("model-connection").start(() -> serve(socket));
            }
        } catch (IOException closed) {
            connections.forEach(ModelServer::close);
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var wire = new ModelWire(socket);
            var request = wire.read();
            while (request.isPresent() && answered(wire, request.get())) {
                request = wire.read();
            }
        } catch (IOException gone) {
            // The client is free to go at any time; who waited for its request was told.
        } finally {
            connections.remove(socket);
        }
    }

    private boolean answered(ModelWire wire, ModelRequest request) throws IOException {
        var reply = taken(request);
        var end = ModelRequest.End.CLIENT_GONE;
        try {
            end = wire.write(reply, body(reply, request));
        } finally {
            request.end().complete(end);
        }
        return end == ModelRequest.End.ANSWERED;
    }

    private synchronized ModelReply taken(ModelRequest request) {
        requests.add(request);
        return Optional.ofNullable(script.poll()).orElse(otherwise);
    }

    private static ModelDialect.Answer body(ModelReply reply, ModelRequest request) {
        var good = ModelDialect.answer(request);
        var instead = reply.body();
        return instead == null ? good : new ModelDialect.Answer(good.status(), good.type(), instead);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Breaks all connections.
    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(ModelServer::close);
    }
}
