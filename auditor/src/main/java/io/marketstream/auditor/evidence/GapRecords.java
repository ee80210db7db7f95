package io.marketstream.auditor.evidence;

import java.io.Serializable;
import java.util.List;

/**
 * The records of gaps of one symbol in their topic.
 *
 * @param from epoch ms of {@code gap_start} from which on every gap has a record; Long.MIN_VALUE
 *     where the topic is known from its beginning
 * @param records in the order of the topic; the open and the closed record of one gap are two
 */
public record GapRecords(long from, List<GapRecord> records) implements Serializable {
  public GapRecords {
    records = List.copyOf(records);
  }

  /** A gap with the place of its record. */
  public record GapRecord(RecordPosition position, Gap gap) implements Serializable {}
}
