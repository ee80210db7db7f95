package io.marketstream.coinbase;

import io.marketstream.feed.config.CrossChecks;
import io.marketstream.feed.task.FeedSourceConnector;
import io.marketstream.feed.task.PluginVersion;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;

/** Streams the trades of Coinbase Exchange to Kafka. */
public final class CoinbaseSourceConnector extends FeedSourceConnector {

  @Override
  public String version() {
    return PluginVersion.of(getClass());
  }

  @Override
  public Class<? extends Task> taskClass() {
    return CoinbaseSourceTask.class;
  }

  @Override
  public ConfigDef config() {
    return CoinbaseSourceConfig.definition();
  }

  @Override
  protected String keyPrefix() {
    return "coinbase.";
  }

  @Override
  protected void crossCheck(CrossChecks checks, Set<String> given) {
    CoinbaseSourceConfig.crossCheck(checks, given);
  }
}
