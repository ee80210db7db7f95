package io.marketstream.auditor.cluster;

import io.marketstream.auditor.evidence.VenueTrade;
import io.marketstream.auditor.venue.VenueClient;
import io.marketstream.auditor.venue.VenueException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Collects the venue's trades of one product and one time. The venue finds trades by id only, so
 * the search begins at ids that are known from the tables, and goes on in both directions until a
 * trade is outside the time.
 *
 * <p>Not thread-safe. Each instance is used once.
 */
final class VenueTrades {
  private final VenueClient venue;
  private final String product;
  private final long since;
  private final long until;
  private final NavigableMap<Long, VenueTrade> found = new TreeMap<>();

  /**
   * @param since epoch ms
   * @param until epoch ms, exclusive
   */
  VenueTrades(VenueClient venue, String product, long since, long until) {
    this.venue = venue;
    this.product = product;
    this.since = since;
    this.until = until;
  }

  /**
   * Returns the venue's trades of the time, and some around it.
   *
   * @param lowest the lowest known id of the time
   * @param highest the highest known id of the time
   * @param isOlderWanted whether trades below the lowest known id are searched
   */
  NavigableMap<Long, VenueTrade> around(long lowest, long highest, boolean isOlderWanted)
      throws VenueException, InterruptedException {
    long covered = upFrom(highest);
    while (covered > 1
        && (covered > lowest || (isOlderWanted && (found.isEmpty() || oldestTime() >= since)))) {
      List<VenueTrade> page = venue.trades(product, covered);
      take(page);
      if (page.isEmpty()) {
        break;
      }
      covered = lowestOf(page);
    }
    return found;
  }

  /**
   * Reads upwards until a trade is after the time. Returns the id from which on everything was
   * read.
   */
  private long upFrom(long highest) throws VenueException, InterruptedException {
    long covered = highest + 1;
    for (long above = highest; ; above += VenueClient.PAGE) {
      List<VenueTrade> page = venue.trades(product, above + VenueClient.PAGE + 1);
      take(page);
      if (!page.isEmpty() && above == highest) {
        covered = Math.min(covered, lowestOf(page));
      }
      long newest = page.isEmpty() ? Long.MIN_VALUE : page.get(0).id();
      if (newest <= above || page.get(0).time() >= until) {
        return covered;
      }
    }
  }

  private void take(List<VenueTrade> page) {
    page.forEach(trade -> found.put(trade.id(), trade));
  }

  private long oldestTime() {
    return found.firstEntry().getValue().time();
  }

  private static long lowestOf(List<VenueTrade> page) {
    return page.get(page.size() - 1).id();
  }
}
