package io.marketstream.feed.task;

import io.marketstream.feed.config.CrossChecks;
import io.marketstream.feed.record.RecordsConfig;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.feed.session.ConnectionConfig;
import io.marketstream.feed.websocket.NetworkConfig;
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
 * The base class of every feed connector. It has one task, whatever {@code tasks.max} says, because
 * providers limit connections.
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

  /** The prefix of the connector's own keys, including the dot. */
  protected abstract String keyPrefix();

  /**
   * Adds the errors of rules that connect several keys of the connector's own. Uses no network.
   *
   * @param checks the values of all keys
   * @param given the keys that the user has set
   */
  protected void crossCheck(CrossChecks checks, Set<String> given) {}

  /**
   * Reports all errors at once, each at its own key. An unknown key with the connector's own prefix
   * is an error too, because it is misspelled. Uses no network.
   */
  @Override
  public final Config validate(Map<String, String> properties) {
    Config config = super.validate(properties);
    List<ConfigValue> values =
        new ArrayList<>(CrossChecks.unresolved(config.configValues(), properties));
    CrossChecks checks = new CrossChecks(values);
    RecordsConfig.crossCheck(checks);
    ConnectionConfig.crossCheck(checks);
    NetworkConfig.crossCheck(checks);
    crossCheck(checks, properties.keySet());
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
    return key + " is not a key of this connector. Its own are " + String.join(", ", own) + ".";
  }

  /**
   * Not supported, because a websocket cannot be replayed. Numbers, gap records and idempotent rows
   * replace it.
   */
  @Override
  public final ExactlyOnceSupport exactlyOnceSupport(Map<String, String> properties) {
    return ExactlyOnceSupport.UNSUPPORTED;
  }

  /**
   * Accepts offsets that a task can read, and the deletion of any offset.
   *
   * @throws ConnectException if an offset is invalid; the message names its partition
   */
  @Override
  public final boolean alterOffsets(
      Map<String, String> config, Map<Map<String, ?>, Map<String, ?>> offsets) {
    offsets.forEach(
        (partition, offset) -> {
          if (offset == null) {
            return; // deletes it, even if another connector of this name stored it
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
