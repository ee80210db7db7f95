package io.marketstream.finnhub;

import io.marketstream.feed.task.FeedSourceConnector;
import io.marketstream.feed.task.PluginVersion;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;

/** Streams Finnhub's trades to Kafka. */
public final class FinnhubSourceConnector extends FeedSourceConnector {

  @Override
  public String version() {
    return PluginVersion.of(getClass());
  }

  @Override
  public Class<? extends Task> taskClass() {
    return FinnhubSourceTask.class;
  }

  @Override
  public ConfigDef config() {
    return FinnhubSourceConfig.definition();
  }

  @Override
  protected String keyPrefix() {
    return "finnhub.";
  }
}
