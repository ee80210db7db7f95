package io.marketstream.spark.candle;

import io.marketstream.model.CandleKind;
import io.marketstream.spark.codec.BinaryReader;
import io.marketstream.spark.codec.BinaryWriter;
import io.marketstream.spark.codec.TickCodec;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Encodes the changed candles and latest ticks of a fold, for the next operator of Spark. */
@SuppressWarnings("EnumOrdinal") // encoded rows exist only within a batch
public final class FoldedRowCodec {
  private static final int CANDLE = 1;
  private static final int LATEST_TICK = 2;

  /** Receives a decoded row. */
  public interface Handler {
    void handle(Candle candle) throws InterruptedException;

    void handle(LatestTick latest) throws InterruptedException;
  }

  private FoldedRowCodec() {}

  public static byte[] encode(Candle candle) {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(CANDLE);
    out.writeText(candle.source());
    out.writeText(candle.symbol());
    out.writeText(candle.interval());
    out.writeLong(candle.openTime());
    write(out, candle.open());
    write(out, candle.high());
    write(out, candle.low());
    write(out, candle.close());
    out.writeDecimal(candle.volume());
    write(out, candle.vwap());
    out.writeLong(candle.trades());
    out.writeByte(candle.kind().ordinal());
    out.writeLong(candle.writeTime());
    return out.toBytes();
  }

  public static byte[] encode(LatestTick latest) {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(LATEST_TICK);
    TickCodec.write(out, latest.tick());
    out.writeLong(latest.writeTime());
    return out.toBytes();
  }

  public static void decode(byte[] encoded, Handler handler) throws InterruptedException {
    BinaryReader in = new BinaryReader(encoded);
    switch (in.readByte()) {
      case CANDLE ->
          handler.handle(
              new Candle(
                  in.readText(),
                  in.readText(),
                  in.readText(),
                  in.readLong(),
                  readNullable(in),
                  readNullable(in),
                  readNullable(in),
                  readNullable(in),
                  in.readDecimal(),
                  readNullable(in),
                  in.readLong(),
                  CandleKind.values()[in.readByte()],
                  in.readLong()));
      case LATEST_TICK -> handler.handle(new LatestTick(TickCodec.read(in), in.readLong()));
      default ->
          throw new IllegalArgumentException("the row is neither a candle nor a latest tick");
    }
  }

  private static void write(BinaryWriter out, @Nullable BigDecimal value) {
    out.writeByte(value == null ? 0 : 1);
    if (value != null) {
      out.writeDecimal(value);
    }
  }

  private static @Nullable BigDecimal readNullable(BinaryReader in) {
    return in.readByte() == 0 ? null : in.readDecimal();
  }
}
