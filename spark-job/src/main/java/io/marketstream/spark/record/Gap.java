package io.marketstream.spark.record;

/**
 * One record of the gap topic: an interval in which ticks of a symbol may have been missed. It is
 * published when noticed (open) and once more when over (closed), under the identity (source,
 * symbol, gapStart, sessionBefore, firstMissing).
 *
 * @param at where it stands in Kafka
 * @param source the feed
 * @param symbol {@code *} for every symbol of the source
 * @param cause why, in upper case
 * @param gapStart epoch ms, never later than the true start
 * @param gapEnd epoch ms; null while the gap is open
 * @param sessionBefore the session in which the last tick before the gap came
 * @param sessionAfter the session that ended the gap; null where not known
 * @param firstMissing the first sequence that may be missing
 * @param dropped how many ticks were dropped, exactly; null where nobody can know
 * @param detail free text; null where there is none
 */
public record Gap(
    RecordPosition at,
    String source,
    String symbol,
    String cause,
    long gapStart,
    Long gapEnd,
    long sessionBefore,
    Long sessionAfter,
    long firstMissing,
    Long dropped,
    String detail)
    implements MarketRecord {}
