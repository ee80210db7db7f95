package io.marketstream.coincap;

import io.marketstream.feed.task.FeedSourceTask;
import io.marketstream.feed.task.FeedTaskConfig;
import io.marketstream.feed.task.PluginVersion;
import java.util.Map;

/** The task of the CoinCap connector. */
public final class CoinCapSourceTask extends FeedSourceTask {

  @Override
  public String version() {
    return PluginVersion.of(getClass());
  }

  @Override
  protected FeedTaskConfig taskConfig(Map<String, String> properties) {
    return new CoinCapSourceConfig(properties).toTaskConfig();
  }
}
