package io.marketstream.coincap;

import io.marketstream.feed.task.FeedSetup;
import io.marketstream.feed.task.FeedSourceTask;
import io.marketstream.feed.task.PluginVersion;
import java.util.Map;

/** The task of the CoinCap connector. */
public final class CoinCapSourceTask extends FeedSourceTask {

  @Override
  public String version() {
    return PluginVersion.of(getClass());
  }

  @Override
  protected FeedSetup setUp(Map<String, String> properties) {
    return new CoinCapSourceConfig(properties).toSetup();
  }
}
