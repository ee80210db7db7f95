package io.marketstream.spark.parse;

import com.fasterxml.jackson.core.JsonParser;
import io.marketstream.model.Fields;
import io.marketstream.model.RejectReason;
import io.marketstream.spark.record.MarketRecord;
import io.marketstream.spark.record.RecordPosition;
import java.io.IOException;

/**
 * The fields of one record while it is read: what ticks and gaps share, and what a reject tells of
 * a record that turned out to be neither.
 */
abstract class RecordFields implements JsonObjectReader.Fields {
  /** What {@link #takeOwn} answers to a name that is none of its fields. */
  static final int UNKNOWN = -1;

  private long seen;

  String source;
  String symbol;

  /** The record, once all fields have been taken. */
  abstract MarketRecord record(RecordPosition at) throws InvalidFieldException;

  /** When the record was received, epoch ms; null where it does not say. */
  abstract Long receivedAt();

  /** The session of the record; null where it does not say. */
  abstract Long session();

  /** Takes a field of this kind of record and returns its number, from 2, or {@link #UNKNOWN}. */
  abstract int takeOwn(String name, JsonParser value) throws IOException, InvalidFieldException;

  @Override
  public final void take(String name, JsonParser value) throws IOException, InvalidFieldException {
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
      default -> field = takeOwn(name, value);
    }
    if (field != UNKNOWN) {
      long bit = 1L << field;
      if ((seen & bit) != 0) {
        // JSON leaves open which of the two counts: nobody may guess about a price.
        throw new InvalidFieldException(RejectReason.WRONG_TYPE, name + " stands there twice");
      }
      seen |= bit;
    }
  }
}
