package io.cairn.server.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// A request whose body ends in an exception once it is longer than allowed, however it is sent, or begins as UTF-8
/// cannot.
final class BoundedRequest extends HttpServletRequestWrapper {
    private final long bytesMax;

    BoundedRequest(HttpServletRequest request, long bytesMax) {
        super(request);
        this.bytesMax = bytesMax;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        return new Bounded(super.getInputStream(), bytesMax);
    }

    @Override
    public BufferedReader getReader() throws IOException {
        return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }

    private static final int LOOKED_AT = 2;

    private static final class Bounded extends ServletInputStream {
        private final ServletInputStream body;
        private final long bytesMax;
        private long read;

        Bounded(ServletInputStream body, long bytesMax) {
            this.body = body;
            this.bytesMax = bytesMax;
        }

        @Override
        public int read() throws IOException {
            int next = body.read();
            if (next >= 0) {
                look(next);
                count(1);
            }
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = body.read(bytes, offset, length);
            for (int i = 0; i < Math.min(count, LOOKED_AT - read); i++) {
                look(bytes[offset + i] & 0xFF);
            }
            count(Math.max(0, count));
            return count;
        }

        private void look(int letter) throws IOException {
            if (read < LOOKED_AT && OneReading.isOtherUnicode(letter)) {
                throw new OneReading.OtherEncodingException();
            }
        }

        private void count(int bytes) throws BodyTooLargeException {
            read += bytes;
            if (read > bytesMax) {
                throw new BodyTooLargeException(bytesMax);
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
