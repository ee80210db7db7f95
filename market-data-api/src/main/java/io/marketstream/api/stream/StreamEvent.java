package io.marketstream.api.stream;

import io.marketstream.api.market.Tick;

/**
 * A tick that is ready to be sent. All clients share one.
 *
 * @param json the data of the event
 */
public record StreamEvent(EventId id, Tick tick, String json) {}
