package io.marketstream.auditor.evidence;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One tick that was written to a socket, as the sender recorded it.
 *
 * @param source the source name of the connector that reads the feed
 * @param connection the connection's number, 1, 2, 3 … in the order of the handshakes
 * @param connectionOpenedAt Unix milliseconds at which the sender saw the connection open
 * @param symbol as on the wire
 * @param price decimal text as on the wire
 * @param volume decimal text as on the wire; null if the feed has none
 * @param conditions codes in wire order; null if the feed sent none
 * @param eventTimeMs Unix milliseconds as on the wire; null if the feed sends none
 * @param sequence 0, 1, 2 … per (connection, symbol)
 * @param writtenAt Unix milliseconds at which the write had succeeded
 */
public record SentTick(
    String source,
    long connection,
    long connectionOpenedAt,
    String symbol,
    String price,
    @Nullable String volume,
    @Nullable List<String> conditions,
    @Nullable Long eventTimeMs,
    long sequence,
    long writtenAt) {}
