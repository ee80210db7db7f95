package io.marketstream.api.export;

import io.marketstream.api.market.Instrument;
import java.time.LocalDate;

/** Hears how far an export is. All calls come from the thread of the export. */
public interface ExportProgress {
  /**
   * The export begins.
   *
   * @param files how many files there are at most
   * @param steps how many steps they take: each hour of ticks and each interval of candles
   */
  void begins(long files, long steps);

  /** The next file begins. */
  void file(DataKind kind, Instrument instrument, LocalDate day);

  void row();

  void stepDone();

  /** The file is complete, or there is nothing to write to it. */
  void fileDone();

  /** The export has ended, whether it succeeded or not. */
  void ended();
}
