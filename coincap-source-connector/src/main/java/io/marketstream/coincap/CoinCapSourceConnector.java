package io.marketstream.coincap;

import io.marketstream.feed.task.FeedSourceConnector;
import io.marketstream.feed.task.PluginVersion;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;

/** Streams CoinCap's prices to Kafka. */
public final class CoinCapSourceConnector extends FeedSourceConnector {

  @Override
  public String version() {
    return PluginVersion.of(getClass());
  }

  @Override
  public Class<? extends Task> taskClass() {
    return CoinCapSourceTask.class;
  }

  @Override
  public ConfigDef config() {
    return CoinCapSourceConfig.definition();
  }

  @Override
  protected String keyPrefix() {
    return "coincap.";
  }
}
