package io.marketstream.spark;

import io.marketstream.spark.candle.CandleInterval;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
      if (storage.exists(file)) {
        compare(settings.checkpoint(), read(storage, file), given);
      } else if (storage.exists(new Path(directory, "offsets"))
          || storage.exists(new Path(directory, "metadata"))) {
        throw new StartException(
            "--checkpoint "
                + directory
                + " is another query's checkpoint: give a directory of its own");
      } else {
        write(storage, file, given);
      }
    } catch (IOException e) {
      throw new StartException(
          "--checkpoint " + directory + " cannot be used: " + e.getMessage(), e);
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

  private static Properties read(FileSystem storage, Path file) throws IOException {
    Properties stored = new Properties();
    try (InputStream in = storage.open(file)) {
      stored.load(in);
    }
    return stored;
  }

  private static void write(FileSystem storage, Path file, TreeMap<String, String> options)
      throws IOException {
    Properties properties = new Properties();
    properties.putAll(options);
    // Under another name first: a kill in between must not leave a file that says nothing.
    Path unfinished = file.suffix(".unfinished");
    try (OutputStream out = storage.create(unfinished, true)) {
      properties.store(out, "The options that this checkpoint hangs on");
    }
    if (!storage.rename(unfinished, file)) {
      throw new IOException(unfinished + " could not be renamed to " + file.getName());
    }
  }
}
