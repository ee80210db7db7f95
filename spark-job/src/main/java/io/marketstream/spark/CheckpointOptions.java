package io.marketstream.spark;

import io.marketstream.model.CandleInterval;
import io.marketstream.spark.candle.SymbolFoldCodec;
import java.io.IOException;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The options that a checkpoint was made with. Some of them its state hangs on: going on with
 * others would leave tables that hold half of one thing and half of another, so the job says so and
 * stops.
 */
final class CheckpointOptions {
  private static final String FILE = "market-data-job.properties";

  /** The version of the state when the checkpoint was made; version 1 did not write it down. */
  private static final String STATE_VERSION = "state.version";

  /** The folder of a query that older jobs had. */
  private static final String QUERY_BEFORE = "fold";

  private CheckpointOptions() {}

  /**
   * Compares the options with those the checkpoint was made with; a new checkpoint takes them down.
   *
   * @throws StartException if they differ, or the directory cannot be used
   */
  static void check(Configuration hadoop, JobSettings settings) {
    Path directory = new Path(settings.checkpoint());
    Path file = new Path(directory, FILE);
    try {
      FileSystem storage = file.getFileSystem(hadoop);
      TreeMap<String, String> given = bindingOptions(settings);
      Optional<Properties> stored = CheckpointFile.read(storage, file);
      if (stored.isPresent()) {
        if (storage.exists(new Path(directory, QUERY_BEFORE))) {
          throw new StartException(
              "--checkpoint "
                  + settings.checkpoint()
                  + " was made by an older job, which wrote the tables with two queries: give a new"
                  + " --checkpoint, and the tables are built anew over themselves");
        }
        requireReadableState(settings.checkpoint(), stored.get());
        compare(settings.checkpoint(), stored.get(), given);
      } else if (storage.exists(new Path(directory, "offsets"))
          || storage.exists(new Path(directory, "metadata"))) {
        throw new StartException(
            "--checkpoint "
                + directory
                + " is another query's checkpoint: give a directory of its own");
      } else {
        given.put(STATE_VERSION, Integer.toString(SymbolFoldCodec.VERSION));
        CheckpointFile.write(storage, file, given, "The options that this checkpoint hangs on");
      }
    } catch (IOException | IllegalArgumentException e) { // HDFS: a name that it does not take
      throw new StartException(
          "--checkpoint " + directory + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** Before a batch meets the state: Spark would try four times, with a trace for each. */
  private static void requireReadableState(String directory, Properties stored) {
    int version = Integer.parseInt(stored.getProperty(STATE_VERSION, "1"));
    if (version < SymbolFoldCodec.OLDEST_VERSION || version > SymbolFoldCodec.VERSION) {
      throw new StartException(
          "--checkpoint " + directory + ": " + SymbolFoldCodec.unreadable(version));
    }
  }

  private static TreeMap<String, String> bindingOptions(JobSettings settings) {
    TreeMap<String, String> options = new TreeMap<>();
    options.put("--topics", settings.topics().stream().sorted().collect(Collectors.joining(",")));
    options.put("--gaps-topic", settings.gapsTopic());
    options.put("--keyspace", settings.keyspace());
    options.put(
        "--candles",
        settings.candles().stream()
            .map(CandleInterval::name)
            .sorted()
            .collect(Collectors.joining(",")));
    options.put("--lateness", settings.latenessMs() + "ms");
    return options;
  }

  private static void compare(String directory, Properties stored, TreeMap<String, String> given) {
    given.forEach(
        (option, value) -> {
          String before = stored.getProperty(option);
          if (!value.equals(before)) {
            throw new StartException(
                "--checkpoint "
                    + directory
                    + " was made with "
                    + option
                    + " "
                    + before
                    + ", not "
                    + value
                    + ": give the same value, or a new --checkpoint to build the tables anew");
          }
        });
  }
}
