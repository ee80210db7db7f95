package io.marketstream.feed.protocol;

import java.util.List;

/**
 * One subscribe frame.
 *
 * @param symbols the symbols that it asks for, as the ledger spells them
 * @param frame the text to send
 */
public record Subscription(List<String> symbols, String frame) {}
