package io.cairn.adapter.sql;

/// Is told of each statement that a session sends for one operation.
interface Counting extends AutoCloseable {
    /// Counts nothing.
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

    /// The operation works on more items than it was begun with.
    void more(int items);

    /// The session's part in the operation is over.
    @Override
    void close();
}
