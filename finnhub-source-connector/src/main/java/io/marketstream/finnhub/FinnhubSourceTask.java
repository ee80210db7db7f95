package io.marketstream.finnhub;

import io.marketstream.feed.task.FeedSetup;
import io.marketstream.feed.task.FeedSourceTask;
import io.marketstream.feed.task.PluginVersion;
import java.time.Clock;
import java.util.Map;

/** The task of the Finnhub connector. */
public final class FinnhubSourceTask extends FeedSourceTask {

  /** Called by Connect. */
  public FinnhubSourceTask() {}

  FinnhubSourceTask(Clock clock) {
    super(clock);
  }

  @Override
  public String version() {
    return PluginVersion.of(getClass());
  }

  @Override
  protected FeedSetup setUp(Map<String, String> properties) {
    return new FinnhubSourceConfig(properties).toSetup();
  }
}
