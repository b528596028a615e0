package io.cairn.bench;

import java.util.Arrays;

/// Runs one measurement by its name and prints its table.
public final class Bench {
    private static final String USAGE = """
        bench NAME [options]

          append       the event log beside a bare group-committing JDBC loop; on PostgreSQL beside Axon 5 and 4 too:
                       [--store postgres]; or of 64 writers beside handlers of events: --subscribers N [--events N]
          batches      imports and projections in batches of several sizes: [--messages N]
          load         an aggregate of 100,000 events beside one of 100
          embed        embedding beside LangChain4j
          cache        calls of a provider that the cache of vectors saves where texts come again, level by level; and
                       one connection to Redis beside a pool: [redis] [--asked N] [--callers N] [--seconds N]
          ingest       documents end to end beside embedding alone
          acknowledge  messages over HTTP to a server in a process of its own
          recall       queries over 100,000 passages beside raw Lucene: [--data DIR] [--units N]
          projections  projections beside a bare read of the log, and when readers see what was written:
                       [rows] [words] [delays] [--events N]
          dense        vectors on pgvector beside those on Lucene: [--units N] [--queries N]
          quality      how well recall finds beside plain BM25: [SET…] [--out DIR] [--vectors FILE]
          backlog      how well recall finds while part of an import is not embedded yet: [SET…] [--vectors FILE] [--unread N] [--wait MILLIS]
          relevance    whether relevance tells what fits, and its curves for a model: [SET…] [--vectors FILE]
                       [--model FILE --tokenizer FILE] [--pooling MEAN|CLS] [--query-prefix P] [--passage-prefix P]
          weights      weights chosen on some conversations, judged on others: [--vectors FILE]
          schemas      appends that are checked beside appends that are not: [--events N] [--checks N]
          tasks        durable tasks beside db-scheduler, JobRunr and a bare loop of SKIP LOCKED: [sqlite] [--tasks N]
                       [--bound N]
          lanes        what tasks do to those of other keys, tenants and lanes: [--tasks N] [--waiting N]
          units        one unit of work for many beside one each, and reads beside a writer with and without one lock
                       around the store: [--count N]
          gateway      calls of a chat model through Cairn beside direct ones: [--calls N] [--portkey URL]
          ledger       what reserving of a budget and settling add to a call of a model: [--calls N]
          refresh      the embedding model is changed, and back, while questions are asked and the server is killed:
                       [--units N] [--kills N] [--questions N] [--judged N] [--model FILE --tokenizer FILE]
                       [--pooling MEAN|CLS] [--query-prefix P] [--passage-prefix P] [--server COMMAND]
          webhooks     what an endpoint that never answers costs nine others: [--events N]
          start        seconds until the server is ready

        PostgreSQL is found as scripts/dev/services.sh env names it; dense, tasks and lanes run on it. So is Redis, for cache.
        ingest, acknowledge, cache, recall, dense, quality, backlog, refresh and weights read public data sets from the
        folder CAIRN_DATASETS.
        """;

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            System.err.print(USAGE);
            System.exit(2);
        }
        var options = Options.of(Arrays.asList(arguments).subList(1, arguments.length));
        switch (arguments[0]) {
            case "append" -> AppendBench.run(options);
            case "batches" -> BatchBench.run(options);
            case "load" -> LoadBench.run(options);
            case "embed" -> EmbedBench.main(options.words().toArray(String[]::new));
            case "cache" -> CacheBench.run(options);
            case "recall" -> RecallBench.run(options);
            case "dense" -> DenseBench.run(options);
            case "projections" -> ProjectionsBench.run(options);
            case "weights" -> WeightsBench.run(options);
            case "ingest" -> IngestBench.run(options);
            case "acknowledge" -> AcknowledgeBench.run(options);
            case "schemas" -> SchemaBench.run(options);
            case "tasks" -> TaskBench.run(options);
            case "lanes" -> LaneBench.run(options);
            case "units" -> UnitBench.run(options);
            case "gateway" -> GatewayBench.run(options);
            case "ledger" -> LedgerBench.run(options);
            case "refresh" -> RefreshBench.run(options);
            case "webhooks" -> WebhookBench.run(options);
            case "start" -> StartBench.run(options);
            case "relevance" -> RelevanceBench.run(options);
            case "backlog" -> BacklogBench.run(options);
            case "quality" -> QualityBench.run(options);
            default -> {
                System.err.printf("There is no measurement '%s'.%n%n%s", arguments[0], USAGE);
                System.exit(2);
            }
        }
    }
}
