package io.marketstream.feed.session;

import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.slf4j.MDC;

/**
 * Makes the threads of a session: daemons of one name, whose log lines carry the context of the
 * task that started it ({@code connector.context} of a worker).
 */
final class SessionThreads implements ThreadFactory {

  private final String name;
  private final Map<String, String> context;

  /** Called on the task thread. */
  SessionThreads(String name) {
    this.name = name;
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
    return thread;
  }
}
