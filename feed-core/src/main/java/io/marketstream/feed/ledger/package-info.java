/**
 * What was numbered, what may have been missed, what is safe: pure bookkeeping of a feed's
 * deliveries.
 */
package io.marketstream.feed.ledger;
