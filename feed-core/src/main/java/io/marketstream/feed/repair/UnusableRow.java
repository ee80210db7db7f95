package io.marketstream.feed.repair;

/**
 * A row of the venue's history that names a trade and does not describe it in a usable form. The
 * other trades of the answer can be used all the same.
 *
 * @param id the venue's id of the trade
 * @param problem why the row is unusable, without excerpts of it
 */
public record UnusableRow(long id, String problem) implements HistoryRow {}
