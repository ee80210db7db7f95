/**
 * Pure bookkeeping of what a feed has delivered: tick numbers, gaps, subscriptions, and what the
 * broker has acknowledged.
 */
@NullMarked
package io.marketstream.feed.ledger;

import org.jspecify.annotations.NullMarked;
