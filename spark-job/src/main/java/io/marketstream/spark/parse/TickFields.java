package io.marketstream.spark.parse;

import static io.marketstream.spark.parse.FieldValues.badValue;
import static io.marketstream.spark.parse.FieldValues.required;

import com.fasterxml.jackson.core.JsonParser;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.RejectReason;
import io.marketstream.spark.record.Tick;
import io.marketstream.spark.record.TickKind;
import java.io.IOException;
import java.util.List;

/** The fields of a tick while it is read. */
final class TickFields extends RecordFields {
  private final long futureToleranceMs;

  private TickKind kind;
  private String price;
  private String volume;
  private List<String> conditions;
  private Long eventTime;
  private Long receivedAt;
  private Long session;
  private Long sequence;

  TickFields(long futureToleranceMs) {
    this.futureToleranceMs = futureToleranceMs;
  }

  @Override
  int takeOwn(String name, JsonParser value) throws IOException, InvalidFieldException {
    switch (name) {
      case "kind" -> {
        kind = kind(FieldValues.text("kind", value));
        return 2;
      }
      case "price" -> {
        price = FieldValues.decimal("price", value);
        return 3;
      }
      case "volume" -> {
        volume = notNegative(FieldValues.decimal("volume", value));
        return 4;
      }
      case "conditions" -> {
        conditions = FieldValues.conditions(value);
        return 5;
      }
      case "event_time" -> {
        eventTime = FieldValues.instant("event_time", value);
        return 6;
      }
      case "received_at" -> {
        receivedAt = FieldValues.instant("received_at", value);
        return 7;
      }
      case "session" -> {
        session = FieldValues.count("session", value);
        return 8;
      }
      case "sequence" -> {
        sequence = FieldValues.count("sequence", value);
        return 9;
      }
      default -> {
        return UNKNOWN;
      }
    }
  }

  @Override
  Tick record(RecordPosition at) throws InvalidFieldException {
    Tick tick =
        new Tick(
            at,
            required("source", source),
            required("symbol", symbol),
            required("kind", kind),
            required("price", price),
            volume,
            conditions,
            required("event_time", eventTime),
            required("received_at", receivedAt),
            required("session", session),
            required("sequence", sequence));
    if (eventTime - receivedAt > futureToleranceMs) {
      throw new InvalidFieldException(
          RejectReason.IMPLAUSIBLE_TIME,
          "event_time is "
              + (eventTime - receivedAt)
              + " ms ahead of received_at; tolerated are "
              + futureToleranceMs);
    }
    return tick;
  }

  @Override
  Long receivedAt() {
    return receivedAt;
  }

  @Override
  Long session() {
    return session;
  }

  private static TickKind kind(String word) throws InvalidFieldException {
    if (word == null) {
      return null;
    }
    TickKind kind = TickKind.ofWire(word);
    if (kind == null) {
      throw badValue("kind is neither trade nor price");
    }
    return kind;
  }

  /** A negative volume would make a candle's volume shrink, and its vwap could come and go. */
  private static String notNegative(String volume) throws InvalidFieldException {
    if (volume != null && volume.charAt(0) == '-') {
      throw badValue("volume is negative: " + volume);
    }
    return volume;
  }
}
