package io.marketstream.auditor.cluster;

import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * What is compared with a venue.
 *
 * @param url the root of the venue's REST API
 * @param source the source that records the venue
 * @param products the symbols; empty for all of the source
 * @param last how much of the end of the audited time is compared
 * @param maxRequests the venue gets at most this many requests
 */
public record VenueScope(
    URI url, String source, Set<String> products, Duration last, int maxRequests) {
  public VenueScope {
    products = Set.copyOf(products);
  }
}
