package io.marketstream.spark.codec;

import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Tick;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes ticks as bytes, for Spark's shuffle and for the state of a symbol. */
public final class TickCodec {
  private static final int HAS_VOLUME = 1;
  private static final int HAS_CONDITIONS = 2;
  private static final int IS_TRADE = 4;
  private static final int HAS_TRADE_ID = 8;
  private static final int HAS_SIDE = 16;
  private static final int IS_BUY = 32;
  private static final int HAS_ORIGIN = 64;
  private static final int IS_REPAIR = 128;

  private TickCodec() {}

  public static byte[] encode(Tick tick) {
    BinaryWriter out = new BinaryWriter();
    write(out, tick);
    return out.toBytes();
  }

  public static Tick decode(byte[] bytes) {
    return read(new BinaryReader(bytes));
  }

  /**
   * Returns the key of the tick's symbol for the fold, without decoding the rest. A source contains
   * no blank, so every pair of source and symbol has its own key.
   */
  public static String key(byte[] encoded) {
    BinaryReader in = new BinaryReader(encoded);
    return in.readText() + ' ' + in.readText();
  }

  public static void write(BinaryWriter out, Tick tick) {
    out.writeText(tick.source());
    out.writeText(tick.symbol());
    out.writeText(tick.at().topic());
    out.writeLong(tick.at().partition());
    out.writeLong(tick.at().offset());
    out.writeByte(
        (tick.volume() == null ? 0 : HAS_VOLUME)
            | (tick.conditions() == null ? 0 : HAS_CONDITIONS)
            | (tick.kind() == TickKind.TRADE ? IS_TRADE : 0)
            | (tick.tradeId() == null ? 0 : HAS_TRADE_ID)
            | (tick.side() == null ? 0 : HAS_SIDE)
            | (tick.side() == TradeSide.BUY ? IS_BUY : 0)
            | (tick.origin() == null ? 0 : HAS_ORIGIN)
            | (tick.origin() == TickOrigin.REPAIR ? IS_REPAIR : 0));
    out.writeText(tick.price());
    if (tick.volume() != null) {
      out.writeText(tick.volume());
    }
    if (tick.conditions() != null) {
      out.writeLong(tick.conditions().size());
      tick.conditions().forEach(out::writeText);
    }
    out.writeLong(tick.eventTime());
    out.writeLong(tick.receivedAt());
    out.writeLong(tick.session());
    out.writeLong(tick.sequence());
    if (tick.tradeId() != null) {
      out.writeText(tick.tradeId());
    }
  }

  public static Tick read(BinaryReader in) {
    String source = in.readText();
    String symbol = in.readText();
    RecordPosition at = new RecordPosition(in.readText(), in.readInt(), in.readLong());
    int flags = in.readByte();
    String price = in.readText();
    String volume = (flags & HAS_VOLUME) == 0 ? null : in.readText();
    List<String> conditions = (flags & HAS_CONDITIONS) == 0 ? null : readTexts(in);
    return new Tick(
        at,
        source,
        symbol,
        (flags & IS_TRADE) == 0 ? TickKind.PRICE : TickKind.TRADE,
        price,
        volume,
        conditions,
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        (flags & HAS_TRADE_ID) == 0 ? null : in.readText(),
        side(flags),
        origin(flags));
  }

  private static @Nullable TradeSide side(int flags) {
    if ((flags & HAS_SIDE) == 0) {
      return null;
    }
    return (flags & IS_BUY) == 0 ? TradeSide.SELL : TradeSide.BUY;
  }

  private static @Nullable TickOrigin origin(int flags) {
    if ((flags & HAS_ORIGIN) == 0) {
      return null;
    }
    return (flags & IS_REPAIR) == 0 ? TickOrigin.LIVE : TickOrigin.REPAIR;
  }

  private static List<String> readTexts(BinaryReader in) {
    int count = in.readInt();
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(in.readText());
    }
    return List.copyOf(texts);
  }
}
