package io.marketstream.coinbase;

import io.marketstream.feed.task.FeedSourceTask;
import io.marketstream.feed.task.FeedTaskConfig;
import io.marketstream.feed.task.PluginVersion;
import java.util.Map;

/** The task of the Coinbase connector. */
public final class CoinbaseSourceTask extends FeedSourceTask {

  @Override
  public String version() {
    return PluginVersion.of(getClass());
  }

  @Override
  protected FeedTaskConfig taskConfig(Map<String, String> properties) {
    return new CoinbaseSourceConfig(properties).toTaskConfig();
  }
}
