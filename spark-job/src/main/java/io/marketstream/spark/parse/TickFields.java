package io.marketstream.spark.parse;

import static io.marketstream.spark.parse.FieldValues.badValue;
import static io.marketstream.spark.parse.FieldValues.required;

import com.fasterxml.jackson.core.JsonParser;
import io.marketstream.model.Fields;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Tick;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the fields of a tick. */
final class TickFields extends RecordFields {
  private final long futureToleranceMs;

  private @Nullable TickKind kind;
  private @Nullable String price;
  private @Nullable String volume;
  private @Nullable List<String> conditions;
  private @Nullable Long eventTime;
  private @Nullable Long receivedAt;
  private @Nullable Long session;
  private @Nullable Long sequence;
  private @Nullable String tradeId;
  private @Nullable TradeSide side;
  private @Nullable TickOrigin origin;

  TickFields(long futureToleranceMs) {
    this.futureToleranceMs = futureToleranceMs;
  }

  @Override
  int readOwn(String name, JsonParser value) throws IOException, InvalidFieldException {
    switch (name) {
      case Fields.KIND -> {
        kind = kind(FieldValues.text(Fields.KIND, value));
        return 2;
      }
      case Fields.PRICE -> {
        price = FieldValues.decimal(Fields.PRICE, value);
        return 3;
      }
      case Fields.VOLUME -> {
        volume = notNegative(FieldValues.decimal(Fields.VOLUME, value));
        return 4;
      }
      case Fields.CONDITIONS -> {
        conditions = FieldValues.conditions(value);
        return 5;
      }
      case Fields.EVENT_TIME -> {
        eventTime = FieldValues.instant(Fields.EVENT_TIME, value);
        return 6;
      }
      case Fields.RECEIVED_AT -> {
        receivedAt = FieldValues.instant(Fields.RECEIVED_AT, value);
        return 7;
      }
      case Fields.SESSION -> {
        session = FieldValues.count(Fields.SESSION, value);
        return 8;
      }
      case Fields.SEQUENCE -> {
        sequence = FieldValues.count(Fields.SEQUENCE, value);
        return 9;
      }
      case Fields.TRADE_ID -> {
        tradeId = FieldValues.tradeId(Fields.TRADE_ID, value);
        return 10;
      }
      case Fields.SIDE -> {
        side = side(FieldValues.text(Fields.SIDE, value));
        return 11;
      }
      case Fields.ORIGIN -> {
        origin = origin(FieldValues.text(Fields.ORIGIN, value));
        return 12;
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
            required(Fields.SOURCE, source),
            required(Fields.SYMBOL, symbol),
            required(Fields.KIND, kind),
            required(Fields.PRICE, price),
            volume,
            conditions,
            required(Fields.EVENT_TIME, eventTime),
            required(Fields.RECEIVED_AT, receivedAt),
            required(Fields.SESSION, session),
            required(Fields.SEQUENCE, sequence),
            tradeId,
            side,
            origin);
    long aheadMs = tick.eventTime() - tick.receivedAt();
    if (aheadMs > futureToleranceMs) {
      throw new InvalidFieldException(
          RejectReason.IMPLAUSIBLE_TIME,
          "event_time is "
              + aheadMs
              + " ms ahead of received_at, more than the tolerance of "
              + futureToleranceMs
              + " ms");
    }
    return tick;
  }

  @Override
  @Nullable Long receivedAt() {
    return receivedAt;
  }

  @Override
  @Nullable Long session() {
    return session;
  }

  private static @Nullable TickKind kind(@Nullable String word) throws InvalidFieldException {
    if (word == null) {
      return null;
    }
    return TickKind.ofWireName(word).orElseThrow(() -> badValue("kind is neither trade nor price"));
  }

  private static @Nullable TradeSide side(@Nullable String word) throws InvalidFieldException {
    if (word == null) {
      return null;
    }
    return TradeSide.ofWireName(word).orElseThrow(() -> badValue("side is neither buy nor sell"));
  }

  private static @Nullable TickOrigin origin(@Nullable String word) throws InvalidFieldException {
    if (word == null) {
      return null;
    }
    return TickOrigin.ofWireName(word)
        .orElseThrow(() -> badValue("origin is neither live nor repair"));
  }

  /** With negative volumes the volume of a candle could shrink, or reach 0 again. */
  private static @Nullable String notNegative(@Nullable String volume)
      throws InvalidFieldException {
    if (volume != null && volume.charAt(0) == '-') {
      throw badValue("volume is negative: " + volume);
    }
    return volume;
  }
}
