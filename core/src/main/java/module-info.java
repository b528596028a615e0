/// Cairn's core: the event engine and the use cases above it, free of any framework.
module io.cairn.core {
    requires transitive org.jspecify;
    requires transitive tools.jackson.databind;

    exports io.cairn.aggregate;
    exports io.cairn.archive;
    exports io.cairn.batch;
    exports io.cairn.bus;
    exports io.cairn.event;
    exports io.cairn.feature;
    exports io.cairn.follow;
    exports io.cairn.guard;
    exports io.cairn.knowledge;
    exports io.cairn.lease;
    exports io.cairn.ledger;
    exports io.cairn.memory;
    exports io.cairn.model;
    exports io.cairn.passage;
    exports io.cairn.projection;
    exports io.cairn.recall;
    exports io.cairn.refresh;
    exports io.cairn.row;
    exports io.cairn.saga;
    exports io.cairn.schema;
    exports io.cairn.seal;
    exports io.cairn.task;
    exports io.cairn.tenant;
    exports io.cairn.text;
}
