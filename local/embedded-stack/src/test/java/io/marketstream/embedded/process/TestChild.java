package io.marketstream.embedded.process;

import io.marketstream.embedded.child.ExitWithParent;
import io.marketstream.embedded.child.RotatingLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Small JVMs for the tests of processes. Each mode prints on stdout that it is ready. */
public final class TestChild {
  /** How many bytes the log of a child may have. */
  static final int LOG_LIMIT = 100_000;

  private TestChild() {}

  /** The command of a mode of this class, with the test classes as classpath. */
  static JavaCommand command(Path folder, String mode, String... arguments) {
    return command(folder, Map.of(), mode, arguments);
  }

  static JavaCommand command(
      Path folder, Map<String, String> environment, String mode, String... arguments) {
    return new JavaCommand(
        "child",
        List.of(
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-D" + RotatingLog.LIMIT_PROPERTY + "=" + LOG_LIMIT,
            "-D" + ExitWithParent.TIMEOUT_PROPERTY + "=1000"),
        classpath(),
        TestChild.class.getName(),
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of(mode), java.util.stream.Stream.of(arguments))
            .toList(),
        environment,
        folder,
        folder.resolve("child.log"));
  }

  private static List<Path> classpath() {
    return List.of(location(TestChild.class), location(ComponentProcess.class));
  }

  private static Path location(Class<?> type) {
    return Path.of(
        java.net.URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "wait" ->
          Runtime.getRuntime()
              .addShutdownHook(new Thread(() -> System.out.println("ended in order")));
      case "stubborn" -> Runtime.getRuntime().addShutdownHook(new Thread(TestChild::sleepForEver));
      case "fail" -> {
        System.out.println("2026-11-23 ERROR [main] the disk is full");
        System.out.println("\tat somewhere");
        System.exit(3);
      }
      case "environment" -> System.out.println("token=" + System.getenv("FINNHUB_TOKEN"));
      case "defaults" -> {
        System.out.println(
            "encoding="
                + System.getProperty("file.encoding")
                + " names="
                + System.getProperty("sun.jnu.encoding"));
        System.out.println("locale=" + java.util.Locale.getDefault());
        System.out.println("zone=" + java.util.TimeZone.getDefault().getID());
        System.out.println("home=" + System.getProperty("user.home"));
        System.out.println("argument=" + args[1]);
      }
      case "lines" -> {
        int lines = Integer.parseInt(args[1]);
        for (int i = 0; i < lines; i++) {
          // An interrupted thread may write, too.
          Thread.currentThread().interrupt();
          (i % 2 == 0 ? System.out : System.err).println("line " + i + " é");
        }
        boolean isInterrupted = Thread.interrupted();
        if (args.length > 2) {
          System.out.println(new byte[Integer.parseInt(args[2])].length + " " + isInterrupted);
        }
      }
      case "launcher" -> {
        ComponentProcess child =
            ComponentProcess.start(command(Path.of(args[1]), args[2]), Path.of(args[1], "classes"));
        System.out.println("child " + child.pid());
      }
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.out.println("ready");
    sleepForEver();
  }

  private static void sleepForEver() {
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
