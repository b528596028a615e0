package io.cairn.adapter.sql;

/// Is told of the statements that a session sends, for one operation.
interface Counting extends AutoCloseable {
    /// Where nobody wants to know.
    Counting NONE = new Counting() {
        @Override
        public void sent(String sql) {
            // not counted
        }

        @Override
        public void more(int items) {
            // not counted
        }

        @Override
        public void close() {
            // nothing to say
        }
    };

    void sent(String sql);

    /// The operation works on so many more items than it was thought to.
    void more(int items);

    /// The operation is over, as far as the session has part in it.
    @Override
    void close();
}
