package io.cairn.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/// HTTP as no proper client would send it.
public final class RawHttp {
    private static final int TIMEOUT_MS = 10_000;

    private RawHttp() {}

    public static String get(String path, String host) {
        return "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, host);
    }

    /// The status of the answer, or 0 if the connection was closed without one.
    public static int status(int port, String request) throws IOException {
        return status(port, request.getBytes(UTF_8));
    }

    public static int status(int port, byte[] request) throws IOException {
        var answer = answer(port, request);
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    /// The whole answer.
    public static String answer(int port, byte[] request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }
}
