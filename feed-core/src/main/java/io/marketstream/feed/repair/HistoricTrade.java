package io.marketstream.feed.repair;

import io.marketstream.model.TradeSide;

/**
 * A trade of the venue's history. Its texts are those that the websocket would have sent.
 *
 * @param id the venue's id, which rises by one per symbol
 * @param price plain decimal text
 * @param volume plain decimal text
 * @param eventTime epoch ms by the venue's clock
 * @param side what the taker did
 */
public record HistoricTrade(long id, String price, String volume, long eventTime, TradeSide side)
    implements HistoryRow {}
