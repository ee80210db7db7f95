package io.marketstream.toy;

import io.marketstream.feed.task.FeedSourceConnector;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;

/** The toy feed's connector. */
public final class ToySourceConnector extends FeedSourceConnector {

  @Override
  public String version() {
    return "1";
  }

  @Override
  public Class<? extends Task> taskClass() {
    return ToySourceTask.class;
  }

  @Override
  public ConfigDef config() {
    return ToySourceConfig.definition();
  }

  @Override
  protected String keyPrefix() {
    return "toy.";
  }
}
