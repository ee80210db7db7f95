package io.marketstream.toy;

import io.marketstream.feed.task.FeedSetup;
import io.marketstream.feed.task.FeedSourceTask;
import java.util.Map;

/** The toy feed's task. */
public final class ToySourceTask extends FeedSourceTask {

  @Override
  public String version() {
    return "1";
  }

  @Override
  protected FeedSetup setUp(Map<String, String> properties) {
    return new ToySourceConfig(properties).toSetup();
  }
}
