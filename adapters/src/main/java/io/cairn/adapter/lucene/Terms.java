package io.cairn.adapter.lucene;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.analysis.tokenattributes.TermToBytesRefAttribute;
import org.apache.lucene.document.Field;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexableFieldType;
import org.apache.lucene.util.ArrayUtil;
import org.apache.lucene.util.BytesRef;

/// The terms of a text in its order, one behind the other, so that a text which stands in several fields or documents
/// is cut into words once.
///
/// Only which terms there are and how many is kept, not where they stand.
///
/// @param ends where each term ends
record Terms(byte[] bytes, int[] ends) {
    static Terms of(List<String> terms) {
        var written = new Written();
        terms.forEach(term -> written.add(new BytesRef(term)));
        return written.terms();
    }

    /// The terms of a text by the rules of a field's language.
    static Terms of(String field, String text, Analyzer analyzer) throws IOException {
        var written = new Written();
        written.add(field, text, analyzer);
        return written.terms();
    }

    /// Terms under way.
    static final class Written {
        private byte[] bytes = new byte[64];
        private int[] ends = new int[16];
        private int terms;
        private int length;

        void add(BytesRef term) {
            // Longer ones are no use, and Lucene takes none.
            if (term.length > IndexWriter.MAX_TERM_LENGTH) {
                return;
            }
            bytes = ArrayUtil.grow(bytes, length + term.length);
            System.arraycopy(term.bytes, term.offset, bytes, length, term.length);
            length += term.length;
            ends = ArrayUtil.grow(ends, terms + 1);
            ends[terms++] = length;
        }

        void add(String field, String text, Analyzer analyzer) throws IOException {
            try (var tokens = analyzer.tokenStream(field, text)) {
                var term = tokens.addAttribute(TermToBytesRefAttribute.class);
                tokens.reset();
                while (tokens.incrementToken()) {
                    add(term.getBytesRef());
                }
                tokens.end();
            }
        }

        Terms terms() {
            return new Terms(Arrays.copyOf(bytes, length), Arrays.copyOf(ends, terms));
        }
    }

    /// A field with the terms of some texts.
    static Field field(String name, List<Terms> texts, IndexableFieldType type) {
        return new Field(name, type) {
            @Override
            public TokenStream tokenStream(Analyzer analyzer, TokenStream reuse) {
                var stream = reuse instanceof Replay replay ? replay : new Replay();
                stream.texts = texts;
                return stream;
            }
        };
    }

    /// Gives the terms of some texts again; Lucene keeps one of them per field.
    private static final class Replay extends TokenStream {
        private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);
        private final BytesRef bytes = new BytesRef();
        private List<Terms> texts = List.of();
        private int text;
        private int next;

        @Override
        public void reset() {
            // The end of the texts before left a position behind.
            clearAttributes();
            text = 0;
            next = 0;
        }

        @Override
        public boolean incrementToken() {
            while (text < texts.size() && next == texts.get(text).ends.length) {
                text++;
                next = 0;
            }
            if (text == texts.size()) {
                return false;
            }
            var terms = texts.get(text);
            bytes.bytes = terms.bytes;
            bytes.offset = next == 0 ? 0 : terms.ends[next - 1];
            bytes.length = terms.ends[next++] - bytes.offset;
            term.setBytesRef(bytes);
            return true;
        }
    }
}
