package io.marketstream.api.export;

import io.marketstream.api.market.Instrument;
import java.time.LocalDate;
import java.util.List;

/**
 * What an export has written.
 *
 * @param bytes of the files
 * @param empty what had no rows, and therefore has no new file
 */
public record ExportResult(long files, long rows, long bytes, List<Empty> empty) {

  /**
   * A kind of data without rows.
   *
   * @param days ascending
   * @param hasOldFiles whether an earlier export left a file of one of these days
   */
  public record Empty(
      DataKind kind, Instrument instrument, List<LocalDate> days, boolean hasOldFiles) {}
}
