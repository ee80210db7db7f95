package io.marketstream.pipeline;

import io.marketstream.simulator.market.SimMatch;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares the ticks of Coinbase with the trades that the simulated venue made, by trade id. Ids
 * before the oldest of these trades are not compared.
 *
 * @param trades how many ids were compared
 * @param repaired how many of them came by repair only
 * @param absent how many of them the venue does not have
 * @param problems what is wrong, by product and id; empty if nothing is
 */
public record VenueComparison(long trades, long repaired, long absent, List<Problem> problems) {

  /** What is wrong with a trade id. */
  public enum Kind {
    /** There is no tick, and no gap record says so. */
    MISSING,
    /** There is no tick, and its gap is not repaired. */
    NOT_REPAIRED,
    /** A gap record says that the venue does not have the trade, and it has. */
    NOT_ABSENT,
    /** The venue has no such trade. */
    NEVER_MADE,
    /** A tick has another price, size, side or time than the trade. */
    DIFFERENT,
    /** Two ticks of one origin have the id. */
    DOUBLED,
    /** A repaired tick has another number than its trade, or two trades have one number. */
    WRONG_NUMBER
  }

  /** A trade id with which something is wrong. */
  public record Problem(Kind kind, String product, long id, String detail) {}

  /** Decides whether a task was started between the beginnings of two sessions, epoch ms. */
  public interface Restarts {
    boolean isBetween(long earlier, long later);
  }

  /**
   * Compares everything.
   *
   * @param venue the trades of each product, oldest first; see {@link #since}
   * @param ticks of Coinbase; records with the same session and sequence count once
   * @param gaps of Coinbase; of several records of one gap, the last one counts
   * @param restarts after which trades may come a second time
   */
  public static VenueComparison of(
      Map<String, List<SimMatch>> venue,
      List<StoredTick> ticks,
      List<GapRow> gaps,
      Restarts restarts) {
    Map<String, List<StoredTick>> ticksOf =
        ticks.stream().collect(Collectors.groupingBy(StoredTick::symbol));
    Map<String, List<GapRow>> gapsOf = gaps.stream().collect(Collectors.groupingBy(GapRow::symbol));
    VenueComparison sum = new VenueComparison(0, 0, 0, List.of());
    for (Map.Entry<String, List<SimMatch>> product : new TreeMap<>(venue).entrySet()) {
      sum =
          sum.plus(
              new ProductComparison(
                      product.getKey(),
                      product.getValue(),
                      ticksOf.getOrDefault(product.getKey(), List.of()),
                      gapsOf.getOrDefault(product.getKey(), List.of()),
                      restarts)
                  .result());
    }
    return sum;
  }

  /**
   * Returns the trades of a product from the first one on that has a tick. A connector does not
   * fetch what happened before its first connection.
   */
  public static List<SimMatch> since(List<SimMatch> history, Collection<StoredTick> ticks) {
    String product = history.get(0).symbol();
    long first =
        ticks.stream()
            .filter(tick -> tick.symbol().equals(product))
            .mapToLong(tick -> Long.parseLong(tick.tradeId()))
            .min()
            .orElse(Long.MAX_VALUE);
    return history.stream().filter(trade -> trade.id() >= first).toList();
  }

  /** The closed record of a gap replaces the open one, and that of the repair both. */
  public static List<GapRow> lastOfEach(List<GapRow> records) {
    Map<List<Object>, GapRow> byIdentity = new HashMap<>();
    records.forEach(record -> byIdentity.put(record.identity(), record));
    return List.copyOf(byIdentity.values());
  }

  private VenueComparison plus(VenueComparison other) {
    List<Problem> all = new ArrayList<>(problems);
    all.addAll(other.problems);
    return new VenueComparison(
        trades + other.trades, repaired + other.repaired, absent + other.absent, all);
  }

  /** The comparison of one product. */
  private static final class ProductComparison {
    private final String product;
    private final Map<Long, SimMatch> made = new HashMap<>();
    private final long oldest;
    private final long newest;
    private final Map<Long, List<StoredTick>> byId;
    private final List<GapRow> gaps;
    private final Restarts restarts;
    private final List<Problem> problems = new ArrayList<>();
    private long repaired;
    private long absent;

    private ProductComparison(
        String product,
        List<SimMatch> history,
        List<StoredTick> ticks,
        List<GapRow> records,
        Restarts restarts) {
      this.product = product;
      gaps = lastOfEach(records);
      this.restarts = restarts;
      history.forEach(trade -> made.put(trade.id(), trade));
      oldest = history.isEmpty() ? 1 : history.get(0).id();
      newest = history.isEmpty() ? 0 : history.get(history.size() - 1).id();
      byId = ticks.stream().collect(Collectors.groupingBy(tick -> Long.valueOf(tick.tradeId())));
    }

    private VenueComparison result() {
      for (long id = oldest; id <= newest; id++) {
        compare(id, byId.getOrDefault(id, List.of()));
      }
      byId.keySet().stream()
          .filter(id -> id > newest)
          .forEach(id -> add(Kind.NEVER_MADE, id, "the newest trade is " + newest));
      compareNumbers();
      return new VenueComparison(newest - oldest + 1, repaired, absent, problems);
    }

    private void compare(long id, List<StoredTick> ticks) {
      SimMatch trade = made.get(id);
      Optional<GapRow> absence =
          gaps.stream().filter(gap -> gap.isAbsence() && gap.namesId(id)).findFirst();
      if (trade == null) {
        absent++;
        ticks.forEach(tick -> add(Kind.NEVER_MADE, id, tick.toString()));
        if (ticks.isEmpty() && absence.isEmpty()) {
          addMissing(id);
        }
        return;
      }
      absence.ifPresent(gap -> add(Kind.NOT_ABSENT, id, gap.toString()));
      if (ticks.isEmpty()) {
        addMissing(id);
        return;
      }
      repaired += ticks.stream().allMatch(tick -> "repair".equals(tick.origin())) ? 1 : 0;
      ticks.stream()
          .filter(tick -> !isEqual(tick, trade))
          .forEach(tick -> add(Kind.DIFFERENT, id, tick + " instead of " + trade));
      addDoubled(id, ticks);
    }

    private void addMissing(long id) {
      Optional<GapRow> gap =
          gaps.stream().filter(each -> !each.isAbsence() && each.namesId(id)).findFirst();
      add(
          gap.isPresent() && gap.get().repairedAt() == null ? Kind.NOT_REPAIRED : Kind.MISSING,
          id,
          gap.map(GapRow::toString).orElse("no gap names it"));
    }

    private void addDoubled(long id, List<StoredTick> ticks) {
      Map<String, List<StoredTick>> byOrigin =
          ticks.stream().collect(Collectors.groupingBy(tick -> String.valueOf(tick.origin())));
      for (List<StoredTick> same : byOrigin.values()) {
        List<StoredTick> inOrder =
            same.stream().sorted(Comparator.comparingLong(StoredTick::session)).toList();
        for (int i = 1; i < inOrder.size(); i++) {
          StoredTick earlier = inOrder.get(i - 1);
          StoredTick later = inOrder.get(i);
          boolean isOneRow =
              earlier.session() == later.session() && earlier.sequence() == later.sequence();
          if (!isOneRow && !restarts.isBetween(earlier.session(), later.session())) {
            add(Kind.DOUBLED, id, earlier + " and " + later);
          }
        }
      }
    }

    /**
     * A repaired tick has the number of its trade. No number of a session is used for two trades,
     * because the later one would replace the row of the other.
     */
    private void compareNumbers() {
      Map<List<Long>, Long> idOf = new HashMap<>();
      for (Map.Entry<Long, List<StoredTick>> entry : new TreeMap<>(byId).entrySet()) {
        for (StoredTick tick : entry.getValue()) {
          Long other = idOf.putIfAbsent(List.of(tick.session(), tick.sequence()), entry.getKey());
          boolean isOfOther = other != null && !other.equals(entry.getKey());
          boolean isNumbered = tick.session() == 1 && tick.sequence() == entry.getKey();
          if (isOfOther || isNumbered != "repair".equals(tick.origin())) {
            add(Kind.WRONG_NUMBER, entry.getKey(), tick.toString());
          }
        }
      }
    }

    private static boolean isEqual(StoredTick tick, SimMatch trade) {
      return tick.kind().equals("trade")
          && tick.price().compareTo(new BigDecimal(trade.price())) == 0
          && tick.volume() != null
          && tick.volume().compareTo(new BigDecimal(trade.size())) == 0
          && trade.makerSide().opposite().wireName().equals(tick.side())
          && tick.eventTime() == trade.eventTimeMs();
    }

    private void add(Kind kind, long id, String detail) {
      problems.add(new Problem(kind, product, id, detail));
    }
  }

  /** Returns the number of problems of each kind, and the first ones. */
  public String summary() {
    Map<Kind, Long> counts =
        problems.stream()
            .collect(Collectors.groupingBy(Problem::kind, TreeMap::new, Collectors.counting()));
    String figures = trades + " ids, " + repaired + " repaired, " + absent + " absent";
    return problems.isEmpty()
        ? figures + ", no problems"
        : figures
            + ", problems "
            + counts
            + ": "
            + problems.stream().limit(5).map(Problem::toString).collect(Collectors.joining("; "));
  }
}
