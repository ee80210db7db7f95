package io.marketstream.simulator.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One tick that was written to a socket.
 *
 * @param feed the feed of the simulator that wrote it
 * @param connection the connection's number, 1, 2, 3 … in the order of the handshakes
 * @param connectionOpenedAt Unix milliseconds at which the simulator saw the connection open
 * @param symbol as on the wire
 * @param price decimal text as on the wire
 * @param volume the same; null where the feed has none
 * @param conditions codes in wire order; null where {@code c} is null or absent
 * @param eventTimeMs Unix milliseconds as on the wire; null where the feed sends none
 * @param tradeId the venue's number of the trade; null where the feed sends none
 * @param sequence 0, 1, 2 … per (connection, symbol)
 * @param index 0, 1, 2 … over all ticks that this simulator wrote, in wire order
 * @param writtenAt Unix milliseconds at which the write had succeeded
 */
public record SentTick(
    Feed feed,
    long connection,
    long connectionOpenedAt,
    String symbol,
    String price,
    @Nullable String volume,
    @Nullable List<String> conditions,
    @Nullable Long eventTimeMs,
    @Nullable Long tradeId,
    long sequence,
    long index,
    long writtenAt) {}
