package io.marketstream.simulator.coinbase;

import io.marketstream.simulator.market.SimMatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The trades that happened, whether or not a socket was told. It also knows which products are
 * listed. Thread-safe.
 */
final class CoinbaseVenue {

  private static final class Book {
    private final CoinbaseProduct product;
    private final DayStatistics day = new DayStatistics();
    private final NavigableMap<Long, SimMatch> trades = new TreeMap<>();
    private final Set<Long> absent = new HashSet<>();
    private boolean delisted;
    private boolean halted;

    private Book(CoinbaseProduct product) {
      this.product = product;
    }
  }

  private final Map<String, Book> books = new LinkedHashMap<>();
  private final int maxTradesPerProduct;

  /**
   * @param maxTradesPerProduct the oldest trades beyond this number are forgotten
   */
  CoinbaseVenue(Collection<CoinbaseProduct> products, int maxTradesPerProduct) {
    this.maxTradesPerProduct = maxTradesPerProduct;
    products.forEach(product -> books.put(product.id(), new Book(product)));
  }

  /** Records a trade. */
  synchronized void add(SimMatch trade) {
    Book book = book(trade.symbol());
    book.trades.put(trade.id(), trade);
    book.day.add(trade);
    if (book.trades.size() > maxTradesPerProduct) {
      book.trades.pollFirstEntry();
    }
  }

  /** The ticker frame of a trade. */
  synchronized String ticker(SimMatch trade) {
    Book book = book(trade.symbol());
    return CoinbaseFrames.ticker(trade, book.day, book.product.priceScale());
  }

  /** All trades of a product, oldest first. */
  synchronized List<SimMatch> history(String product) {
    return List.copyOf(book(product).trades.values());
  }

  /** The newest trade of a product. */
  synchronized Optional<SimMatch> newest(String product) {
    return Optional.ofNullable(book(product).trades.lastEntry()).map(Map.Entry::getValue);
  }

  /**
   * One page of trades, newest first.
   *
   * @param after gives trades with a smaller id; null for no bound
   * @param before gives trades with a greater id; null for no bound
   * @param oldestFirst whether the page holds the oldest trades within the bounds, not the newest
   * @param visibleAt trades after this time are left out
   */
  synchronized List<SimMatch> page(
      String product,
      @Nullable Long after,
      @Nullable Long before,
      int limit,
      boolean oldestFirst,
      Instant visibleAt) {
    NavigableMap<Long, SimMatch> trades = book(product).trades;
    if (after != null) {
      trades = trades.headMap(after, false);
    }
    if (before != null) {
      trades = trades.tailMap(before, false);
    }
    Stream<SimMatch> visible =
        (oldestFirst ? trades : trades.descendingMap())
            .values().stream().filter(trade -> !trade.time().isAfter(visibleAt)).limit(limit);
    List<SimMatch> page = new ArrayList<>(visible.toList());
    if (oldestFirst) {
      Collections.reverse(page);
    }
    return page;
  }

  /** Removes a trade, or makes the venue leave out its id if it is in the future. */
  synchronized void markAbsent(String product, long id) {
    Book book = book(product);
    book.absent.add(id);
    book.trades.remove(id);
  }

  synchronized boolean isAbsent(String product, long id) {
    return book(product).absent.contains(id);
  }

  synchronized void delist(String product) {
    book(product).delisted = true;
  }

  synchronized void setHalted(String product, boolean halted) {
    book(product).halted = halted;
  }

  synchronized boolean isListed(String product) {
    return books.containsKey(product);
  }

  synchronized boolean isDelisted(String product) {
    return book(product).delisted;
  }

  /** Every product, delisted ones included. */
  synchronized List<CoinbaseProduct> products() {
    return books.values().stream().map(book -> book.product).toList();
  }

  /** The products that trade now. */
  synchronized Set<String> trading() {
    Set<String> trading = new LinkedHashSet<>();
    books.forEach(
        (id, book) -> {
          if (!book.delisted && !book.halted) {
            trading.add(id);
          }
        });
    return trading;
  }

  private Book book(String product) {
    Book book = books.get(product);
    if (book == null) {
      throw new IllegalArgumentException(
          "The simulator has no product '" + product + "', only " + books.keySet());
    }
    return book;
  }
}
