package io.cairn.server;

import io.cairn.server.demo.Demo;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The server's commands: `serve`, `demo`, `verify`, `copy` and `version`.
public final class CairnServer {
    private static final SequencedMap<String, String> USAGES = usages();

    private static SequencedMap<String, String> usages() {
        var usages = new LinkedHashMap<String, String>();
        usages.put("serve", """
                cairn-server serve   [--data DIR] [--port PORT] [--host HOST] [--config FILE]
                                     [--tenant-language [TENANT=]LANGUAGE] [--log json|text]""");
        usages.put("demo", """
                cairn-server demo    [--data DIR] [--port PORT] [--json] [PATH…]""");
        usages.put("verify", """
                cairn-server verify  [--data DIR] [--config FILE] [--json]""");
        usages.put("copy", """
                cairn-server copy    --from DIR|URL --to DIR|URL [--master-key-file FILE] [--config FILE] [--json]
                                     [--from-user NAME] [--from-password-file FILE]
                                     [--from-root-certificate FILE] [--from-partitions N], and so for --to-…""");
        usages.put("version", """
                cairn-server version""");
        return usages;
    }

    private static String usage() {
        return "usage:\n" + String.join("\n", USAGES.sequencedValues())
                + "\nAny setting may be given as --cairn.NAME=VALUE; docs/CONFIGURATION.md lists them.";
    }

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
            if (USAGES.containsKey(command) && (args.contains("--help") || args.contains("-h"))) {
                return said("usage:\n" + USAGES.get(command));
            }
            return switch (command) {
                case "serve" -> Serve.run(args);
                case "verify" -> Verify.run(args);
                case "copy" -> Copy.run(args);
                case "version", "--version" -> Version.run();
                case "demo" -> Demo.run(args);
                case "help", "--help", "-h" -> said(usage());
                default -> throw new UsageException("'%s' is not a command".formatted(command));
            };
        } catch (UsageException e) {
            System.err.println("cairn: " + e.getMessage() + "\n" + usage());
            return UsageException.EXIT_CODE;
        }
    }

    private static int said(String text) {
        System.out.println(text);
        return 0;
    }
}
