package io.cairn.adapter.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// Turns a text into as many windows of tokens as it takes to leave none out.
///
/// Truncation and padding of the tokenizer's file are switched off: files such as MiniLM's cut at 128 tokens
/// although the model reads 512. A window ends between words where it can, and the windows of a text are
/// about equally long.
final class TokenWindows implements AutoCloseable {
    /// So many characters are tokenized at once; it bounds the memory that one text takes.
    private static final int SLICE_CHARACTERS = 1 << 15;

    private static final String NO_LETTER = "\ud80c\udc00";
    private static final String NO_OTHER_LETTER = "\ud800\udf80";

    private final HuggingFaceTokenizer tokenizer;
    private final long[] opening;
    private final long[] closing;
    private final int roomTokens;
    private final OptionalLong unknown;

    private TokenWindows(HuggingFaceTokenizer tokenizer, long[] opening, long[] closing, int windowTokens) {
        this.tokenizer = tokenizer;
        this.opening = opening;
        this.closing = closing;
        this.roomTokens = windowTokens - opening.length - closing.length;
        this.unknown = unknown(tokenizer);
    }

    /// What two letters that no living language has are both taken for; nothing if the tokenizer has bytes for them.
    private static OptionalLong unknown(HuggingFaceTokenizer tokenizer) {
        var first = tokenizer.encode(NO_LETTER, false, false).getIds();
        var second = tokenizer.encode(NO_OTHER_LETTER, false, false).getIds();
        return first.length > 0 && Arrays.equals(first, second)
                ? OptionalLong.of(first[first.length - 1])
                : OptionalLong.empty();
    }

    /// The share of a text's characters, white space apart, for which the tokenizer has no token; 0 to 1.
    double unknown(String text) {
        if (unknown.isEmpty()) {
            return 0;
        }
        var start = slices(wellFormed(text)).getFirst();
        var encoding = tokenizer.encode(start, false, false);
        var ids = encoding.getIds();
        var spans = encoding.getCharTokenSpans();
        int all = 0;
        int lost = 0;
        for (int i = 0; i < ids.length; i++) {
            int length = spans[i] == null ? 1 : Math.max(1, spans[i].getEnd() - spans[i].getStart());
            all += length;
            lost += ids[i] == unknown.getAsLong() ? length : 0;
        }
        return all == 0 ? 0 : (double) lost / all;
    }

    static TokenWindows open(ModelSource source, byte[] file, int windowTokens) {
        var tokenizer = tokenizer(source, file);
        var bare = tokenizer.encode("a", false, false).getIds();
        var dressed = tokenizer.encode("a", true, false).getIds();
        for (int start = 0; start + bare.length <= dressed.length; start++) {
            int end = start + bare.length;
            if (Arrays.equals(bare, 0, bare.length, dressed, start, end)) {
                var opening = Arrays.copyOfRange(dressed, 0, start);
                var closing = Arrays.copyOfRange(dressed, end, dressed.length);
                return new TokenWindows(tokenizer, opening, closing, windowTokens);
            }
        }
        tokenizer.close();
        throw new ModelBrokenException(source, "its special tokens do not stand around a text's own", null);
    }

    /// The windows of a text, at least one, each with the model's special tokens around it.
    List<long[]> of(String text) {
        var windows = new ArrayList<long[]>();
        for (var slice : slices(wellFormed(text))) {
            cut(tokenizer.encode(slice, false, false), windows);
        }
        return windows;
    }

    /// How many of a window's tokens are the text's own.
    int own(long[] window) {
        return window.length - opening.length - closing.length;
    }

    /// A window that is full.
    long[] longest() {
        var ids = new long[roomTokens];
        Arrays.fill(ids, tokenizer.encode("a", false, false).getIds()[0]);
        return dressed(ids, 0, roomTokens);
    }

    int windowTokens() {
        return roomTokens + opening.length + closing.length;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private void cut(Encoding encoding, List<long[]> windows) {
        var ids = encoding.getIds();
        var words = encoding.getWordIds();
        int start = 0;
        do {
            int left = (ids.length - start + roomTokens - 1) / roomTokens;
            int length = left == 0 ? 0 : (ids.length - start + left - 1) / left;
            int end = betweenWords(words, start, start + length);
            windows.add(dressed(ids, start, end));
            start = end;
        } while (start < ids.length);
    }

    private static int betweenWords(long[] words, int start, int end) {
        int cut = end;
        while (cut > start && cut < words.length && words[cut] == words[cut - 1]) {
            cut--;
        }
        return cut > start ? cut : end;
    }

    private long[] dressed(long[] ids, int start, int end) {
        var window = new long[opening.length + end - start + closing.length];
        System.arraycopy(opening, 0, window, 0, opening.length);
        System.arraycopy(ids, start, window, opening.length, end - start);
        System.arraycopy(closing, 0, window, opening.length + end - start, closing.length);
        return window;
    }

    private static List<String> slices(String text) {
        var slices = new ArrayList<String>();
        int start = 0;
        while (text.length() - start > SLICE_CHARACTERS) {
            int end = atSpace(text, start, start + SLICE_CHARACTERS);
            slices.add(text.substring(start, end));
            start = end;
        }
        slices.add(text.substring(start));
        return slices;
    }

    private static int atSpace(String text, int start, int end) {
        for (int space = end; space > start; space--) {
            if (Character.isWhitespace(text.charAt(space))) {
                return space;
            }
        }
        return Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end;
    }

    /// The native side knows no lone surrogates, and U+0000 ends its strings.
    private static String wellFormed(String text) {
        if (text.chars().noneMatch(unit -> unit == 0 || Character.isSurrogate((char) unit))) {
            return text;
        }
        var clean = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point == 0 || Character.getType(point) == Character.SURROGATE ? 0xFFFD : point)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static HuggingFaceTokenizer tokenizer(ModelSource source, byte[] file) {
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(file), Map.of("truncation", "false", "padding", "false"));
        } catch (IOException | RuntimeException e) {
            throw new ModelBrokenException(
                    source, "it is not a tokenizer.json as Hugging Face writes it (%s)".formatted(e.getMessage()), e);
        }
    }
}
