package io.marketstream.finnhub;

import io.marketstream.feed.task.FeedSourceTask;
import io.marketstream.feed.task.FeedTaskConfig;
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
  protected FeedTaskConfig taskConfig(Map<String, String> properties) {
    return new FinnhubSourceConfig(properties).toTaskConfig();
  }
}
