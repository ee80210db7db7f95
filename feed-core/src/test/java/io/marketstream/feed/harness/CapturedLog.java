package io.marketstream.feed.harness;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Captures what a connector and its libraries log. The logback-test.xml of a connector sets the
 * level of these loggers to TRACE.
 */
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<AppenderAttachable<ILoggingEvent>> loggers;

  /**
   * @param plugin the package of the connector
   */
  public CapturedLog(String plugin) {
    loggers =
        Stream.of("io.marketstream.feed", plugin, "okhttp3").map(CapturedLog::logger).toList();
    start();
    loggers.forEach(logger -> logger.addAppender(this));
  }

  // feed-core compiles against the SLF4J of old workers, which Logback's Logger does not implement.
  @SuppressWarnings("unchecked")
  private static AppenderAttachable<ILoggingEvent> logger(String name) {
    if (!LoggerFactory.getLogger(name).isTraceEnabled()) {
      throw new IllegalStateException("set the level of " + name + " to TRACE in logback-test.xml");
    }
    return (AppenderAttachable<ILoggingEvent>) LoggerFactory.getLogger(name);
  }

  @Override
  protected void append(ILoggingEvent event) {
    String trace =
        event.getThrowableProxy() == null
            ? ""
            : ThrowableProxyUtil.asString(event.getThrowableProxy());
    lines.add(event.getLevel() + " " + event.getFormattedMessage() + trace);
  }

  /** Returns all lines so far. */
  public List<String> lines() {
    return lines;
  }

  /** Returns the lines of a level. */
  public List<String> lines(Level level) {
    return lines.stream().filter(line -> line.startsWith(level + " ")).toList();
  }

  @Override
  public void close() {
    loggers.forEach(logger -> logger.detachAppender(this));
    stop();
  }
}
