package io.marketstream.feed.protocol;

import java.util.List;

/**
 * A subscribe frame.
 *
 * @param symbols the symbols that it subscribes to, as the ledger spells them
 * @param frame the text to send
 */
public record Subscription(List<String> symbols, String frame) {}
