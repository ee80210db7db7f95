package io.marketstream.feed.websocket;

import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.slf4j.MDC;

/**
 * Creates the threads of a session. They are daemons with a given name, and their log lines have
 * the logging context of the task ({@code connector.context} of a worker).
 */
public final class FeedThreadFactory implements ThreadFactory {

  private final String name;
  private final Consumer<Throwable> onDefect;
  private final Map<String, String> context;

  /**
   * Copies the logging context of the calling thread, which must be the task thread.
   *
   * @param onDefect receives what ends a thread
   */
  public FeedThreadFactory(String name, Consumer<Throwable> onDefect) {
    this.name = name;
    this.onDefect = onDefect;
    Map<String, String> own = MDC.getCopyOfContextMap();
    this.context = own == null ? Map.of() : Map.copyOf(own);
  }

  @Override
  public Thread newThread(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              MDC.setContextMap(context);
              work.run();
            },
            name);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((ended, defect) -> onDefect.accept(defect));
    return thread;
  }
}
