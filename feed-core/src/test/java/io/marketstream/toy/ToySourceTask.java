package io.marketstream.toy;

import io.marketstream.feed.task.FeedSourceTask;
import io.marketstream.feed.task.FeedTaskConfig;
import java.util.Map;

/** The toy feed's task. */
public final class ToySourceTask extends FeedSourceTask {

  @Override
  public String version() {
    return "1";
  }

  @Override
  protected FeedTaskConfig taskConfig(Map<String, String> properties) {
    return new ToySourceConfig(properties).toTaskConfig();
  }
}
