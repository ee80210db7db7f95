package io.marketstream.feed.session;

import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.slf4j.MDC;

/**
 * Makes the threads of a session: daemons of one name, whose log lines carry the context of the
 * task that started it ({@code connector.context} of a worker).
 */
final class SessionThreads implements ThreadFactory {

  private final String name;
  private final Consumer<Throwable> onDefect;
  private final Map<String, String> context;

  /**
   * Called on the task thread.
   *
   * @param onDefect told of what ends a thread
   */
  SessionThreads(String name, Consumer<Throwable> onDefect) {
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
