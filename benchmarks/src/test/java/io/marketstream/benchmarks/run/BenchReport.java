package io.marketstream.benchmarks.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.sun.management.OperatingSystemMXBean;
import io.marketstream.pipeline.ComponentJvm;
import io.marketstream.pipeline.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The figures of one benchmark: a line per run, and a summary over the rounds. The file in {@code
 * target/bench} is written again after each run, so a benchmark that is stopped leaves its figures.
 * If the benchmark has a plot, an SVG file with the same name is written too.
 */
final class BenchReport {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final Path FOLDER = Path.of("target", "bench");

  private final Path folder;
  private final String name;
  private final Map<String, Object> head = new LinkedHashMap<>();
  private final List<Map<String, Object>> runs = new ArrayList<>();
  private final List<Map<String, Object>> summary = new ArrayList<>();
  private Optional<Function<List<Map<String, Object>>, SvgPlot>> plot = Optional.empty();

  /**
   * @param name of the benchmark and of its file
   * @param components versions by name
   * @param options the options of the benchmark
   */
  BenchReport(String name, Map<String, String> components, Map<String, Object> options) {
    this(FOLDER, name, components, options);
  }

  /** Like the other constructor, with another folder for the files. */
  BenchReport(
      Path folder, String name, Map<String, String> components, Map<String, Object> options) {
    this.folder = folder;
    this.name = name;
    head.put("name", name);
    head.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    head.put("commit", commit());
    head.put("machine", machine());
    Map<String, Object> versions = new LinkedHashMap<>();
    versions.put("java", Runtime.version().toString());
    versions.putAll(components);
    head.put("versions", versions);
    Map<String, Object> all = new LinkedHashMap<>(options);
    all.put("change", System.getProperty("marketstream.bench.change", ""));
    all.put("jvm_options", String.join(" ", ComponentJvm.options()));
    head.put("options", all);
    head.put("runs", runs);
    head.put("summary", summary);
  }

  /**
   * Also writes a plot.
   *
   * @param plot draws the runs; a caption is added
   */
  BenchReport plottedBy(Function<List<Map<String, Object>>, SvgPlot> plot) {
    this.plot = Optional.of(plot);
    return this;
  }

  /** The Spark that the jobs run on. */
  void spark(String version) {
    @SuppressWarnings("unchecked")
    Map<String, Object> versions = (Map<String, Object>) head.get("versions");
    versions.put("spark", version);
  }

  /** Adds the figures of one run, and prints them. */
  void run(Map<String, Object> figures) {
    runs.add(figures);
    System.out.println("bench " + name + " " + figures);
    write();
  }

  /**
   * Adds a figure with its median over the rounds.
   *
   * @param what the figure, with its unit
   */
  void summarize(String what, List<Double> perRound) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("figure", what);
    line.put("rounds", perRound.stream().map(BenchReport::rounded).toList());
    line.put("median", rounded(median(perRound)));
    summary.add(line);
    write();
  }

  /** Prints the tables. */
  void print() {
    System.out.println("\n" + name + " " + head.get("date") + " " + head.get("options"));
    System.out.println(table(runs));
    System.out.println(table(summary));
    System.out.println("written to " + folder.resolve(name + ".json").toAbsolutePath());
    Path plot = folder.resolve(name + ".svg").toAbsolutePath();
    if (Files.exists(plot)) {
      System.out.println("written to " + plot);
    }
  }

  private void write() {
    try {
      Files.createDirectories(folder);
      JSON.writeValue(folder.resolve(name + ".json").toFile(), head);
      if (plot.isPresent()) {
        Path file = folder.resolve(name + ".svg");
        // Otherwise the plot of an earlier benchmark would stay if this one cannot be drawn.
        Files.deleteIfExists(file);
        Files.writeString(file, plot.get().apply(runs).caption(caption()).svg());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalArgumentException e) {
      // The JSON file has the figures, and the benchmark may take another hour.
      System.out.println("bench " + name + " has no plot: " + e.getMessage());
    }
  }

  private String caption() {
    Map<?, ?> options = (Map<?, ?>) head.get("options");
    String run =
        options.entrySet().stream()
            .filter(option -> !"jvm_options".equals(option.getKey()))
            .filter(option -> !"".equals(option.getValue()))
            .map(option -> option.getKey() + "=" + option.getValue())
            .collect(Collectors.joining(", "));
    Map<?, ?> machine = (Map<?, ?>) head.get("machine");
    return run
        + ". Measured at "
        + head.get("date")
        + " on "
        + machine.get("cores")
        + " cores"
        + (head.get("commit").equals("") ? "." : ", commit " + head.get("commit") + ".");
  }

  private static String table(List<Map<String, Object>> lines) {
    if (lines.isEmpty()) {
      return "";
    }
    List<String> columns =
        lines.stream().flatMap(line -> line.keySet().stream()).distinct().toList();
    StringBuilder table = new StringBuilder(row(columns));
    table.append("|---".repeat(columns.size())).append("|\n");
    for (Map<String, Object> line : lines) {
      table.append(row(columns.stream().map(column -> text(line.get(column))).toList()));
    }
    return table.toString();
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String text(Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof List<?> list) {
      return list.stream().map(BenchReport::text).collect(Collectors.joining(", "));
    }
    return value instanceof Long count
        ? String.format(Locale.ROOT, "%,d", count)
        : value.toString();
  }

  /** Returns the median. For an even number of values it is the mean of the middle two. */
  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * A quantile.
   *
   * @param sorted in ascending order
   * @param share 0.99 for the value that 99 of 100 do not exceed
   */
  static double quantile(double[] sorted, double share) {
    // 1000 * (99.9 / 100) is a little more than 999.
    double rank = Math.ceil(sorted.length * share - 1e-6);
    return sorted[(int) Math.max(0, rank - 1)];
  }

  /** Rounds to three significant digits, with at most three digits after the point. */
  static Number rounded(double value) {
    if (Math.abs(value) >= 100) {
      return Math.round(value);
    }
    double scale = Math.abs(value) >= 10 ? 10 : Math.abs(value) >= 1 ? 100 : 1000;
    return Math.round(value * scale) / scale;
  }

  private static Map<String, Object> machine() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    machine.put("memory_mb", system.getTotalMemorySize() >> 20);
    machine.put("os", system.getName() + " " + system.getVersion());
    // Well above the number of cores, the machine had other work and the figures are of little use.
    machine.put("load_average", system.getSystemLoadAverage());
    return machine;
  }

  /** Returns the commit, with {@code -dirty} if files differ from it. It is empty without git. */
  private static String commit() {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty", "--exclude=*")
              .directory(TestStack.ROOT.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException noGit) {
      return "";
    }
  }

  /** Makes a line of figures from alternating names and values. */
  static Map<String, Object> line(Object... namesAndValues) {
    Map<String, Object> line = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      line.put((String) namesAndValues[i], value instanceof Double d ? rounded(d) : value);
    }
    return line;
  }
}
