package io.marketstream.simulator.market;

import io.marketstream.simulator.market.Instrument.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The instruments of a feed. For an unknown symbol it makes up a plausible one. */
public final class Instruments {

  private static final String STOCKS =
      """
      AAPL 189.84 9
      MSFT 415.50 7
      NVDA 121.44 12
      AMZN 186.49 7
      GOOGL 176.33 5
      META 504.22 5
      TSLA 248.23 11
      BRK.B 437.90 1
      AVGO 159.80 4
      JPM 209.78 2
      LLY 857.60 1
      V 262.50 1.5
      UNH 565.32 1
      XOM 115.20 2
      MA 441.32 1
      JNJ 151.80 1
      PG 167.20 1
      HD 358.10 1
      COST 845.90 1
      BA 182.40 1.5
      SPY 545.30 4
      AMD 155.77 6
      NFLX 647.50 1.5
      CRM 253.30 1.2
      QQQ 470.10 3
      KO 65.11 1
      PEP 168.90 1
      WMT 70.82 2
      BAC 42.90 3
      INTC 33.08 4
      DIS 96.75 1.5
      CSCO 47.10 1.5
      ORCL 138.90 1.5
      PFE 29.60 2.5
      QCOM 195.40 1.5
      UBER 67.80 2
      PLTR 28.40 6
      SOFI 7.61 3
      F 13.72 3
      ALL 166.40 0.5
      """;

  private static final String CRYPTO_PAIRS =
      """
      BINANCE:BTCUSDT 66972.77 14
      BINANCE:ETHUSDT 3504.18 10
      BINANCE:SOLUSDT 176.31 6
      BINANCE:BNBUSDT 593.70 3
      BINANCE:XRPUSDT 0.5981 4
      BINANCE:DOGEUSDT 0.13642 4
      BINANCE:ADAUSDT 0.4411 2
      COINBASE:BTC-USD 66973.10 6
      BINANCE:SHIBUSDT 0.00001768 2
      BINANCE:PEPEUSDT 0.00001204 2
      """;

  private static final String COINS =
      """
      bitcoin 66972.77 10
      ethereum 3504.18 8
      tether 1.0003 4
      binance-coin 593.70 3
      solana 176.31 5
      usd-coin 0.9999 3
      xrp 0.5981 4
      dogecoin 0.13642 4
      tron 0.1352 2
      cardano 0.4411 2
      avalanche 28.11 2
      shiba-inu 0.00001768 2
      polkadot 6.21 2
      chainlink 13.96 2
      bitcoin-cash 389.40 2
      near-protocol 6.02 1
      litecoin 72.86 2
      polygon 0.5312 1
      uniswap 7.92 1
      internet-computer 9.87 1
      monero 160.44 1
      stellar 0.1034 1
      ethereum-classic 23.51 1
      cosmos 6.44 1
      filecoin 4.59 1
      hedera-hashgraph 0.0731 1
      vechain 0.0272 1
      maker 2740.10 1
      algorand 0.1477 1
      aave 96.80 1
      fantom 0.5320 1
      the-graph 0.2057 1
      tezos 0.7810 1
      eos 0.5760 1
      theta 1.5510 1
      neo 11.42 1
      iota 0.1830 1
      zcash 24.10 1
      pepe 0.00001204 2
      bittorrent 0.000000918 1
      """;

  private static final List<Instrument> FINNHUB = finnhubInstruments();
  private static final List<Instrument> COINCAP = parse(COINS, Kind.COIN);

  /** How many assets have a real name. */
  public static final int KNOWN_ASSETS = COINCAP.size();

  private final Map<String, Instrument> known = new LinkedHashMap<>();
  private final boolean coins;

  private Instruments(List<Instrument> instruments, boolean coins) {
    instruments.forEach(instrument -> known.put(instrument.symbol(), instrument));
    this.coins = coins;
  }

  /** Forty US stocks and ten crypto pairs, spelled as Finnhub does. */
  public static Instruments finnhub() {
    return new Instruments(FINNHUB, false);
  }

  /**
   * Assets as CoinCap spells them: the forty best known, then invented ones like {@code coin-41}.
   */
  public static Instruments coincap(int count) {
    List<Instrument> assets = new ArrayList<>(COINCAP.subList(0, Math.min(count, KNOWN_ASSETS)));
    for (int number = KNOWN_ASSETS + 1; number <= count; number++) {
      String slug = "coin-" + number;
      // Most of them cost less than a cent.
      assets.add(new Instrument(slug, Kind.COIN, 40.0 / number / number, 0.2));
    }
    return new Instruments(assets, true);
  }

  /** All known symbols, the best known first. */
  public Collection<String> symbols() {
    return Collections.unmodifiableSet(known.keySet());
  }

  /** The instrument of this symbol. If it is unknown, one is made up from the spelling. */
  public Instrument of(String symbol) {
    Instrument instrument = known.get(symbol);
    return instrument != null ? instrument : madeUp(symbol);
  }

  private Instrument madeUp(String symbol) {
    int hash = symbol.hashCode() & 0x7FFF_FFFF;
    Kind kind;
    if (coins) {
      kind = Kind.COIN;
    } else if (!symbol.contains(":")) {
      kind = Kind.STOCK;
    } else {
      kind = isForex(symbol) ? Kind.FOREX : Kind.CRYPTO_PAIR;
    }
    double price = kind == Kind.FOREX ? 0.6 + hash % 900 / 1000.0 : 5 + hash % 40_000 / 100.0;
    return new Instrument(symbol, kind, price, 1);
  }

  private static boolean isForex(String symbol) {
    return symbol.startsWith("OANDA:")
        || symbol.startsWith("FXCM:")
        || symbol.startsWith("IC MARKETS:");
  }

  private static List<Instrument> finnhubInstruments() {
    List<Instrument> all = new ArrayList<>(parse(STOCKS, Kind.STOCK));
    all.addAll(parse(CRYPTO_PAIRS, Kind.CRYPTO_PAIR));
    return all;
  }

  private static List<Instrument> parse(String table, Kind kind) {
    return table
        .lines()
        .map(line -> line.split(" "))
        .map(
            cells ->
                new Instrument(
                    cells[0], kind, Double.parseDouble(cells[1]), Double.parseDouble(cells[2])))
        .toList();
  }
}
