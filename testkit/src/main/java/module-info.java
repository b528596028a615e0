/// For tests of what is built on Cairn.
module io.cairn.testkit {
    requires transitive io.cairn.core;

    exports io.cairn.testkit;
}
