package io.marketstream.feed.session;

import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.model.GapCause;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What log and metrics say of an outage: one line for each cause that it has and one when it is
 * over, however many attempts it takes, and one when it looks as if another client were behind it.
 * Not thread-safe: guarded by the session's lock.
 */
final class OutageReport {

  private static final Logger log = LoggerFactory.getLogger(FeedSession.class);

  private final String name;
  private final FeedMetrics metrics;
  private final Set<GapCause> announced = EnumSet.noneOf(GapCause.class);

  OutageReport(String name, FeedMetrics metrics) {
    this.name = name;
    this.metrics = metrics;
  }

  /**
   * @param detail free of secrets
   */
  void lost(GapCause cause, String detail) {
    metrics.lost(cause);
    metrics.gapOpened();
    if (!announced.add(cause)) {
      log.debug("{}: {}, {}", name, cause, detail);
      return;
    }
    String next = cause == GapCause.UNAUTHORIZED ? "the task fails" : "reconnecting until it works";
    log.warn("{}: {}, {}; {}", name, cause, detail, next);
  }

  /** The feed dropped one connection after the other; said once, however long it goes on. */
  void suspected(String suspicion) {
    log.warn(
        "{}: the feed dropped {} connections in a row within {} s of their opening: {}",
        name,
        ShortLivedConnections.SUSPICIOUS,
        ShortLivedConnections.SHORT.toSeconds(),
        suspicion);
  }

  void recovered(long session) {
    metrics.gapClosed();
    if (!announced.isEmpty()) {
      announced.clear();
      log.info("{}: recovered, session {}", name, session);
    }
  }
}
