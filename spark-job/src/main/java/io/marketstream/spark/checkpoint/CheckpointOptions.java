package io.marketstream.spark.checkpoint;

import io.marketstream.model.CandleInterval;
import io.marketstream.spark.candle.SymbolFoldCodec;
import io.marketstream.spark.failure.StartException;
import io.marketstream.spark.settings.BatchTrigger;
import io.marketstream.spark.settings.JobSettings;
import java.io.IOException;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Checks that the options are those with which the checkpoint was created.
 *
 * <p>The state depends on some of the options. If they changed, the tables would mix the results of
 * two configurations, so the job refuses to start.
 */
public final class CheckpointOptions {
  private static final String FILE = "market-data-job.properties";

  /** The version of the state when the checkpoint was created. Version 1 did not store it. */
  private static final String STATE_VERSION = "state.version";

  /** Stored in real-time mode only. */
  private static final String MODE = "--trigger";

  private static final String REAL_TIME = "realtime";

  /** The directory of a query of older jobs. */
  private static final String OLDER_QUERY = "fold";

  private CheckpointOptions() {}

  /**
   * Compares the options with those in the checkpoint. A new checkpoint stores them.
   *
   * @throws StartException if they differ, or the directory cannot be used
   */
  public static void check(Configuration hadoop, JobSettings settings) {
    Path directory = new Path(settings.checkpoint());
    Path file = new Path(directory, FILE);
    try {
      FileSystem storage = file.getFileSystem(hadoop);
      SortedMap<String, String> given = fixedOptions(settings);
      Optional<Properties> stored = CheckpointFile.read(storage, file);
      if (stored.isPresent()) {
        if (storage.exists(new Path(directory, OLDER_QUERY))) {
          throw new StartException(
              "--checkpoint "
                  + settings.checkpoint()
                  + " belongs to an older job, which wrote the tables with two queries: give a new"
                  + " --checkpoint, and the job rebuilds the tables in place");
        }
        requireReadableState(settings.checkpoint(), stored.get());
        compare(settings.checkpoint(), stored.get(), given);
        requireSameMode(settings, stored.get());
      } else if (storage.exists(new Path(directory, "offsets"))
          || storage.exists(new Path(directory, "metadata"))) {
        throw new StartException(
            "--checkpoint "
                + directory
                + " is the checkpoint of another query: give the job its own directory");
      } else {
        if (isRealTime(settings)) {
          given.put(MODE, REAL_TIME);
        }
        given.put(STATE_VERSION, Integer.toString(SymbolFoldCodec.VERSION));
        CheckpointFile.write(
            storage, file, given, "The options that must not change for this checkpoint");
      }
    } catch (IOException
        | IllegalArgumentException e) { // IllegalArgumentException: HDFS does not accept the name
      throw new StartException(
          "--checkpoint " + directory + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** Runs before a batch reads the state. Spark would retry four times, each with a stack trace. */
  private static void requireReadableState(String directory, Properties stored) {
    int version = Integer.parseInt(stored.getProperty(STATE_VERSION, "1"));
    if (version < SymbolFoldCodec.OLDEST_VERSION || version > SymbolFoldCodec.VERSION) {
      throw new StartException(
          "--checkpoint " + directory + ": " + SymbolFoldCodec.unreadable(version));
    }
  }

  /**
   * In real-time mode, one query stores and another one folds. Either may be ahead of the other, so
   * a single query could not continue for both.
   */
  private static void requireSameMode(JobSettings settings, Properties stored) {
    boolean wasRealTime = REAL_TIME.equals(stored.getProperty(MODE));
    if (wasRealTime != isRealTime(settings)) {
      throw new StartException(
          "--checkpoint "
              + settings.checkpoint()
              + (wasRealTime
                  ? " was created with --trigger realtime: start the job with it, or give a new"
                      + " --checkpoint to rebuild the tables"
                  : " was created without --trigger realtime: start the job without it, or give a"
                      + " new --checkpoint to rebuild the tables"));
    }
  }

  private static boolean isRealTime(JobSettings settings) {
    return settings.trigger() instanceof BatchTrigger.RealTime;
  }

  private static SortedMap<String, String> fixedOptions(JobSettings settings) {
    SortedMap<String, String> options = new TreeMap<>();
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

  private static void compare(
      String directory, Properties stored, SortedMap<String, String> given) {
    given.forEach(
        (option, value) -> {
          String before = stored.getProperty(option);
          if (!value.equals(before)) {
            throw new StartException(
                "--checkpoint "
                    + directory
                    + " was created with "
                    + option
                    + " "
                    + before
                    + ", not "
                    + value
                    + ": give the same value, or a new --checkpoint to rebuild the tables");
          }
        });
  }
}
