package io.marketstream.feed.task;

import io.marketstream.feed.config.CrossChecks;
import io.marketstream.feed.record.SourceCursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * What every feed connector is: one task, whatever {@code tasks.max}, because providers count
 * connections.
 */
public abstract class FeedSourceConnector extends SourceConnector {

  private Map<String, String> properties = Map.of();

  @Override
  public final void start(Map<String, String> properties) {
    this.properties = new HashMap<>(properties); // values may be null
  }

  @Override
  public final List<Map<String, String>> taskConfigs(int maxTasks) {
    return List.of(properties);
  }

  @Override
  public final void stop() {
    properties = Map.of();
  }

  /** The prefix of the keys that only this connector has, with its dot. */
  protected abstract String keyPrefix();

  /**
   * Every key's errors on its own field, all at once; a key with our prefix that we do not have is
   * an error too, because it is a misspelled one. Touches no network.
   */
  @Override
  public final Config validate(Map<String, String> properties) {
    Config config = super.validate(properties);
    List<ConfigValue> values =
        new ArrayList<>(CrossChecks.unresolved(config.configValues(), properties));
    CrossChecks.apply(values);
    Set<String> known = config().names();
    for (String key : new TreeSet<>(properties.keySet())) {
      if (key.startsWith(keyPrefix()) && !known.contains(key)) {
        values.add(new ConfigValue(key, null, List.of(), List.of(unknown(key, known))));
      }
    }
    return new Config(values);
  }

  private String unknown(String key, Set<String> known) {
    List<String> own =
        known.stream().filter(name -> name.startsWith(keyPrefix())).sorted().toList();
    return key + " is no key of this connector. Its own are " + String.join(", ", own) + ".";
  }

  /**
   * A websocket cannot be replayed. Numbers, gap records and idempotent rows do what can be done
   * instead.
   */
  @Override
  public final ExactlyOnceSupport exactlyOnceSupport(Map<String, String> properties) {
    return ExactlyOnceSupport.UNSUPPORTED;
  }

  /**
   * Accepts offsets that a task could read back, and the deletion of any offset.
   *
   * @throws ConnectException naming the partition and what is wrong with it
   */
  @Override
  public final boolean alterOffsets(
      Map<String, String> config, Map<Map<String, ?>, Map<String, ?>> offsets) {
    offsets.forEach(
        (partition, offset) -> {
          if (offset == null) {
            return; // deletes it, whoever stored it: Connect keeps offsets by connector name
          }
          try {
            SourceCursor.checkPartition(partition);
            SourceCursor.fromOffset(offset);
          } catch (IllegalArgumentException e) {
            throw new ConnectException("Offset of " + partition + ": " + e.getMessage(), e);
          }
        });
    return true;
  }
}
