/// The Java client of a Cairn server and the wire records that both sides share.
module io.cairn.client {
    requires transitive org.jspecify;
    requires transitive tools.jackson.databind;
    requires java.net.http;

    exports io.cairn.client;
    exports io.cairn.client.wire;
}
