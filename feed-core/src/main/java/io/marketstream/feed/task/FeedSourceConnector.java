package io.marketstream.feed.task;

import io.marketstream.feed.record.SourceCursor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /**
   * A websocket cannot be replayed. Numbers, gap records and idempotent rows do what can be done
   * instead.
   */
  @Override
  public final ExactlyOnceSupport exactlyOnceSupport(Map<String, String> properties) {
    return ExactlyOnceSupport.UNSUPPORTED;
  }

  /**
   * Accepts offsets that a task could read back.
   *
   * @throws ConnectException naming the partition and what is wrong with it
   */
  @Override
  public final boolean alterOffsets(
      Map<String, String> config, Map<Map<String, ?>, Map<String, ?>> offsets) {
    offsets.forEach(
        (partition, offset) -> {
          try {
            SourceCursor.checkPartition(partition);
            if (offset != null) { // null deletes it
              SourceCursor.fromOffset(offset);
            }
          } catch (IllegalArgumentException e) {
            throw new ConnectException("Offset of " + partition + ": " + e.getMessage(), e);
          }
        });
    return true;
  }
}
