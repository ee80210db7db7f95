package io.marketstream.local.measure;

import java.math.BigDecimal;
import java.time.Instant;

/** A row of {@code latest_ticks}. */
public record LatestPrice(
    String source, String symbol, BigDecimal price, String kind, Instant eventTime) {}
