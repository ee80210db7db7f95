package io.marketstream.benchmarks.contender;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/**
 * The limit that Connect itself sets: its task has all records before the worker asks for them. A
 * record is the JSON of a tick in bytes, so no converter works either. Every record has an offset
 * of its own, as those of a real source have.
 */
public final class ReadySourceConnector extends SourceConnector {
  static final String TOPIC = "topic";
  static final String SYMBOLS = "symbols";
  static final String RECORDS = "records";
  static final String RECORD = "record";

  private Map<String, String> settings;

  @Override
  public void start(Map<String, String> newSettings) {
    settings = newSettings;
  }

  @Override
  public Class<? extends Task> taskClass() {
    return ReadySourceTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return List.of(settings);
  }

  @Override
  public void stop() {}

  @Override
  public ConfigDef config() {
    return new ConfigDef()
        .define(TOPIC, ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "Where the records go.")
        .define(SYMBOLS, ConfigDef.Type.INT, ConfigDef.Importance.HIGH, "How many keys.")
        .define(RECORDS, ConfigDef.Type.LONG, ConfigDef.Importance.HIGH, "How many records.")
        .define(RECORD, ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "The value of each.");
  }

  @Override
  public String version() {
    return "benchmark";
  }

  /** Hands over records in lists of {@value #PER_POLL}. */
  public static final class ReadySourceTask extends SourceTask {
    private static final int PER_POLL = 2_000;

    private final List<SourceRecord> ready = new ArrayList<>();
    private long left;

    @Override
    public void start(Map<String, String> settings) {
      left = Long.parseLong(settings.get(RECORDS));
      int symbols = Integer.parseInt(settings.get(SYMBOLS));
      byte[] value = settings.get(RECORD).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < PER_POLL; i++) {
        String symbol = FloodedFeed.FINNHUB.symbol(i % symbols);
        ready.add(
            new SourceRecord(
                Map.of("symbol", symbol),
                Map.of("sequence", (long) i),
                settings.get(TOPIC),
                null,
                Schema.STRING_SCHEMA,
                symbol,
                Schema.BYTES_SCHEMA,
                value));
      }
    }

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
      if (left == 0) {
        Thread.sleep(100); // as a task without news does
        return null;
      }
      int next = (int) Math.min(left, PER_POLL);
      left -= next;
      return ready.subList(0, next);
    }

    @Override
    public void stop() {}

    @Override
    public String version() {
      return "benchmark";
    }
  }
}
