package io.marketstream.feed.session;

import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.model.GapCause;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports outages to the log and the metrics. However many attempts an outage takes, the log gets
 * one line per cause and one line when the outage is over. It gets another line if a second client
 * seems to cause the outage. Not thread-safe: guarded by the session's lock.
 */
final class OutageReport {

  private static final Logger LOG = LoggerFactory.getLogger(FeedSession.class);

  private final String name;
  private final FeedMetrics metrics;
  private final Set<GapCause> announced = EnumSet.noneOf(GapCause.class);
  private boolean isOpen = true; // the gap of a restart may be open

  OutageReport(String name, FeedMetrics metrics) {
    this.name = name;
    this.metrics = metrics;
  }

  /**
   * A connection was lost or could not be opened.
   *
   * @param detail without secrets
   */
  void lost(GapCause cause, String detail) {
    isOpen = true;
    metrics.lost(cause);
    metrics.gapOpened();
    if (!announced.add(cause)) {
      LOG.debug("{}: {}, {}", name, cause, detail);
      return;
    }
    String next = cause == GapCause.UNAUTHORIZED ? "the task fails" : "reconnecting until it works";
    LOG.warn("{}: {}, {}; {}", name, cause, detail, next);
  }

  /** The feed drops one connection after another. Called once per series. */
  void suspected(String suspicion) {
    LOG.warn(
        "{}: the feed dropped {} connections in a row within {} s after they opened: {}",
        name,
        ShortLivedConnections.SUSPICIOUS_COUNT,
        ShortLivedConnections.SHORT_LIFETIME.toSeconds(),
        suspicion);
  }

  /** No outage is open. Called with each frame. */
  void recovered(long session) {
    if (!isOpen) {
      return;
    }
    isOpen = false;
    metrics.gapClosed();
    if (!announced.isEmpty()) {
      announced.clear();
      LOG.info("{}: recovered, session {}", name, session);
    }
  }
}
