package io.cairn.server;

import io.cairn.server.demo.Demo;
import java.util.Arrays;
import java.util.List;

/// The server's commands: `serve`, `demo`, `verify`, `copy` and `version`.
public final class CairnServer {
    private static final String USAGE = """
            usage: cairn-server serve   [--data DIR] [--port PORT] [--host HOST] [--config FILE]
                                        [--tenant-language [TENANT=]LANGUAGE] [--log json|text]
                   cairn-server demo    [PATH…]
                   cairn-server verify  [--data DIR] [--json]
                   cairn-server copy    --from DIR|URL --to DIR|URL [--master-key-file FILE] [--config FILE] [--json]
                                        [--from-user NAME] [--from-password-file FILE]
                                        [--from-root-certificate FILE] [--from-partitions N], and so for --to-…
                   cairn-server version""";

    private CairnServer() {}

    public static void main(String[] args) {
        var command = args.length == 0 ? "serve" : args[0];
        var rest = args.length == 0 ? List.<String>of() : Arrays.asList(args).subList(1, args.length);
        int code = run(command, rest);
        if (code != 0) {
            System.exit(code);
        }
    }

    private static int run(String command, List<String> args) {
        try {
            return switch (command) {
                case "serve" -> Serve.run(args);
                case "verify" -> Verify.run(args);
                case "copy" -> Copy.run(args);
                case "version", "--version" -> Version.run();
                case "demo" -> Demo.run(args);
                case "help", "--help", "-h" -> said(USAGE);
                default -> throw new UsageException("'%s' is not a command".formatted(command));
            };
        } catch (UsageException e) {
            System.err.println("cairn: " + e.getMessage() + "\n" + USAGE);
            return UsageException.EXIT_CODE;
        }
    }

    private static int said(String text) {
        System.out.println(text);
        return 0;
    }
}
