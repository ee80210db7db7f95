package io.marketstream.spark.parse;

import com.fasterxml.jackson.core.JsonParser;
import io.marketstream.model.Fields;
import io.marketstream.model.RejectReason;
import io.marketstream.spark.record.MarketRecord;
import io.marketstream.spark.record.RecordPosition;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Collects the fields of one record: those that ticks and gaps share, and those for a reject. */
abstract class RecordFields implements JsonObjectReader.FieldHandler {
  /** The result of {@link #readOwn} for an unknown name. */
  static final int UNKNOWN = -1;

  private long seen;

  @Nullable String source;
  @Nullable String symbol;

  /** Returns the record, after all fields were read. */
  abstract MarketRecord record(RecordPosition at) throws InvalidFieldException;

  /** Returns when the record was received, epoch ms; null if it does not say. */
  abstract @Nullable Long receivedAt();

  /** Returns the session of the record; null if it does not say. */
  abstract @Nullable Long session();

  /** Reads a field of this kind of record. Returns its number, from 2, or {@link #UNKNOWN}. */
  abstract int readOwn(String name, JsonParser value) throws IOException, InvalidFieldException;

  @Override
  public final void read(String name, JsonParser value) throws IOException, InvalidFieldException {
    int field;
    switch (name) {
      case Fields.SOURCE -> {
        field = 0;
        source = FieldValues.source(value);
      }
      case Fields.SYMBOL -> {
        field = 1;
        symbol = FieldValues.symbol(value);
      }
      default -> field = readOwn(name, value);
    }
    if (field != UNKNOWN) {
      long bit = 1L << field;
      if ((seen & bit) != 0) {
        // JSON does not say which of the two counts, and the job must not guess a price.
        throw new InvalidFieldException(RejectReason.WRONG_TYPE, name + " occurs twice");
      }
      seen |= bit;
    }
  }
}
