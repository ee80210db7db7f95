package io.marketstream.spark.candle;

import io.marketstream.spark.codec.BinaryReader;
import io.marketstream.spark.codec.BinaryWriter;
import io.marketstream.spark.codec.TickCodec;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Encodes the state of a symbol as bytes, which newer releases of the job must be able to read.
 *
 * <p>The first byte is the version of the layout. A job reads every version from {@link
 * #OLDEST_VERSION} to its own. Version 1 was never released. Its candles used other rules for trade
 * conditions, so a job cannot continue from it. Version 2 has no trade ids: neither those that were
 * counted nor those of the open and close of a candle. Version 3 does not say which ids a repair
 * may still fill.
 */
public final class SymbolFoldCodec {
  /** The layout that this job writes. */
  public static final int VERSION = 4;

  /** The oldest layout that this job reads. */
  public static final int OLDEST_VERSION = 2;

  private static final int FIRST_VERSION_WITH_TRADE_IDS = 3;
  private static final int FIRST_VERSION_WITH_HOLES = 4;

  private final FoldRules rules;

  public SymbolFoldCodec(FoldRules rules) {
    this.rules = rules;
  }

  public byte[] encode(SymbolFold fold) {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(VERSION);
    fold.sessions.write(out);
    fold.ids.write(out);
    fold.holes.write(out);
    out.writeLong(fold.newestEventTime);
    out.writeByte(fold.latest == null ? 0 : 1);
    if (fold.latest != null) {
      TickCodec.write(out, fold.latest.tick());
      out.writeLong(fold.latest.writeTime());
    }
    out.writeLong(fold.candlesByMillis.size());
    for (Map.Entry<Long, NavigableMap<Long, OpenCandle>> interval :
        fold.candlesByMillis.entrySet()) {
      out.writeLong(interval.getKey());
      out.writeLong(interval.getValue().size());
      for (Map.Entry<Long, OpenCandle> candle : interval.getValue().entrySet()) {
        out.writeLong(candle.getKey());
        candle.getValue().write(out);
      }
    }
    return out.toBytes();
  }

  /**
   * Decodes the state of a symbol.
   *
   * @throws IllegalStateException if the state has a version that this job does not read
   */
  public SymbolFold decode(byte[] state) {
    BinaryReader in = new BinaryReader(state);
    int version = in.readByte();
    if (version < OLDEST_VERSION || version > VERSION) {
      throw new IllegalStateException(unreadable(version));
    }
    boolean withTradeIds = version >= FIRST_VERSION_WITH_TRADE_IDS;
    SeenSessions sessions = SeenSessions.read(in);
    CountedIds ids = withTradeIds ? CountedIds.read(in) : new CountedIds();
    IdHoles holes = version >= FIRST_VERSION_WITH_HOLES ? IdHoles.read(in) : new IdHoles();
    long newestEventTime = in.readLong();
    LatestTick latest =
        in.readByte() == 0 ? null : new LatestTick(TickCodec.read(in), in.readLong());
    return new SymbolFold(
        rules, sessions, ids, holes, newestEventTime, latest, readCandles(in, withTradeIds));
  }

  /** Returns the message for a checkpoint whose state this job does not read. */
  public static String unreadable(int version) {
    return "the checkpoint holds state of version "
        + version
        + ", this job reads version "
        + VERSION
        + ": run the job that wrote it, or start with a new --checkpoint to rebuild the tables";
  }

  private static NavigableMap<Long, NavigableMap<Long, OpenCandle>> readCandles(
      BinaryReader in, boolean withTradeIds) {
    NavigableMap<Long, NavigableMap<Long, OpenCandle>> candles = new TreeMap<>();
    int intervals = in.readInt();
    for (int i = 0; i < intervals; i++) {
      NavigableMap<Long, OpenCandle> open = new TreeMap<>();
      candles.put(in.readLong(), open);
      int count = in.readInt();
      for (int c = 0; c < count; c++) {
        open.put(in.readLong(), OpenCandle.read(in, withTradeIds));
      }
    }
    return candles;
  }
}
