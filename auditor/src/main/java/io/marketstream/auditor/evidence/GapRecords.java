package io.marketstream.auditor.evidence;

import java.io.Serializable;
import java.util.List;

/**
 * The gap records of one symbol in the topic of gaps.
 *
 * @param from epoch ms of {@code gap_start} from which on every gap has a record; Long.MIN_VALUE if
 *     the topic is read from its beginning
 * @param records in the order of the topic; an open and a closed record of one gap count as two
 */
public record GapRecords(long from, List<GapRecord> records) implements Serializable {
  public GapRecords {
    records = List.copyOf(records);
  }

  /** A gap with the position of its record. */
  public record GapRecord(RecordPosition position, Gap gap) implements Serializable {}
}
