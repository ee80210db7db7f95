package io.marketstream.auditor.cluster;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.auditor.check.VenueComparison;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickRow;
import io.marketstream.auditor.evidence.TradeNumber;
import io.marketstream.auditor.evidence.VenueTrade;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.FindingKind;
import io.marketstream.auditor.report.ReportSum;
import io.marketstream.auditor.venue.RequestPace;
import io.marketstream.auditor.venue.VenueClient;
import io.marketstream.auditor.venue.VenueException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares the ticks of one source with the REST API of its venue. Not thread-safe. */
public final class VenueAudit {
  /** Younger trades may be on their way to the tables, or not visible at the venue yet. */
  private static final Duration SETTLING = Duration.ofMinutes(1);

  /** How far around the time known trades are searched, to find its ids. */
  private static final Duration SEARCHED = Duration.ofHours(24);

  /** A gap that began longer before is not found. */
  private static final int GAP_MONTHS_BEFORE = 2;

  /** A trade may have come live and by repair. */
  private static final long ROWS_PER_TRADE = 2;

  private static final String SHORTEN =
      ". Choose a shorter --venue-last, name --venue-products, or raise --venue-requests";

  private final CqlSession cassandra;
  private final TableReader tables;
  private final VenueScope scope;
  private final Clock clock;
  private final AuditProgress progress;
  private final VenueClient venue;
  private final ReportSum sum = new ReportSum();

  /**
   * The rows of one symbol around the compared time.
   *
   * @param inside ticks with an id in the time, in ascending order of their ids
   * @param around all ticks that were read, those inside included
   */
  private record Known(List<Tick> inside, List<Tick> around) {}

  /**
   * @param cassandra a session with the keyspace; the caller closes it
   */
  public VenueAudit(CqlSession cassandra, VenueScope scope, Clock clock, AuditProgress progress) {
    this.cassandra = cassandra;
    this.tables = new TableReader(cassandra);
    this.scope = scope;
    this.clock = clock;
    this.progress = progress;
    this.venue =
        new VenueClient(
            scope.url(), RequestPace.of(VenueClient.REQUESTS_PER_SECOND), scope.maxRequests());
  }

  /**
   * Compares the end of the audited time.
   *
   * @param since epoch ms, the beginning of the audited time
   * @param until epoch ms, its end
   * @throws AuditRefusedException if the venue gives no usable answers, or there is nothing to
   *     compare
   */
  public AuditReport run(long since, long until) throws InterruptedException {
    Span span = span(since, until);
    Set<String> products = new TreeSet<>(scope.products());
    if (products.isEmpty()) {
      tables.latest(scope.source()::equals).keySet().forEach(key -> products.add(key.symbol()));
    }
    if (products.isEmpty()) {
      throw new AuditRefusedException(
          "There is nothing of source "
              + scope.source()
              + " to compare with "
              + scope.url()
              + ". Check --venue-source");
    }
    List<SymbolKey> keys =
        products.stream().map(product -> new SymbolKey(scope.source(), product)).toList();
    try {
      int compared = 0;
      for (SymbolKey key : keys) {
        compared += compare(key, span) ? 1 : 0;
      }
      if (compared == 0) {
        throw nothingToCompare("any product of source " + scope.source());
      }
    } catch (VenueException e) {
      throw new AuditRefusedException(String.valueOf(e.getMessage()), e);
    }
    sum.note(
        "compared with "
            + scope.url()
            + ": source "
            + scope.source()
            + ", event times from "
            + Instant.ofEpochMilli(span.since())
            + " to "
            + Instant.ofEpochMilli(span.until())
            + ", "
            + venue.requests()
            + " requests");
    return sum.report();
  }

  private Span span(long since, long until) {
    long now = clock.millis();
    Jobs jobs = Jobs.read(cassandra);
    long reached = jobs.areKnown() ? jobs.reached().completeUntil() : Long.MAX_VALUE;
    if (reached < Math.min(until, now - SETTLING.toMillis())) {
      sum.note(
          "the job has come to "
              + Instant.ofEpochMilli(Math.max(0, reached))
              + ": trades from a minute before it on are not compared with the venue");
    }
    long end = settledUntil(until, now, reached);
    long begin = Math.max(since, end - scope.last().toMillis());
    if (begin >= end) {
      throw new AuditRefusedException(
          "There is nothing to compare with "
              + scope.url()
              + ": the audited time begins at "
              + Instant.ofEpochMilli(since)
              + ", and is compared up to "
              + Instant.ofEpochMilli(Math.max(0, end))
              + ". Check --last or --since, and that the job is running");
    }
    return new Span(begin, end);
  }

  /**
   * Returns the event time up to which every trade must be in the tables, epoch ms.
   *
   * @param reached epoch ms; the job has written the records that were published before it. A trade
   *     is published later than it was made, so one of that time may still be missing
   */
  static long settledUntil(long until, long now, long reached) {
    long last = Math.min(now, reached);
    boolean isUnderflow = last < Long.MIN_VALUE + SETTLING.toMillis();
    return Math.min(until, isUnderflow ? Long.MIN_VALUE : last - SETTLING.toMillis());
  }

  private AuditRefusedException nothingToCompare(String what) {
    return new AuditRefusedException(
        "There is nothing of "
            + what
            + " to compare with "
            + scope.url()
            + ": no tick with a trade id is stored in the time, or within "
            + SEARCHED.toHours()
            + " hours before it. Check --venue-source, --venue-products and --venue-last");
  }

  /** Returns whether there was something to compare. */
  private boolean compare(SymbolKey key, Span span) throws VenueException, InterruptedException {
    // A gap is repaired after its trades were written. Gaps that are read first claim no more than
    // the ticks show.
    List<Gap> gaps = gaps(key, span);
    Known known = known(key, span);
    Optional<VenueTrade> newest = venue.newest(key.symbol());
    // A higher id does not exist at the venue. It must not extend the range that is read.
    long highestAtVenue = newest.map(VenueTrade::id).orElse(Long.MAX_VALUE);
    List<Tick> inside =
        known.inside().stream().filter(tick -> tick.tradeNumber() <= highestAtVenue).toList();
    Optional<Tick> start =
        inside.stream().findFirst().or(() -> nearest(known, span, highestAtVenue));
    if (start.isEmpty() && scope.products().contains(key.symbol())) {
      throw nothingToCompare(key.toString());
    }
    if (start.isEmpty()) {
      sum.note(
          key
              + " was not compared with the venue: no tick with a trade id is stored within "
              + SEARCHED.toHours()
              + " hours before the time, so its ids are not known");
      return false;
    }
    long lowest = start.get().tradeNumber();
    long highest = inside.isEmpty() ? lowest : inside.get(inside.size() - 1).tradeNumber();
    if (newest.isPresent()) {
      requireFewRequests(key, lowest, highest);
    }
    boolean isFirst = isFirstOfSymbol(known, start.get(), span);
    NavigableMap<Long, VenueTrade> trades =
        newest.isEmpty()
            ? new TreeMap<>()
            : new VenueTrades(venue, key.symbol(), span.since(), span.until())
                .around(lowest, highest, !isFirst);
    if (isFirst) {
      sum.note(
          key
              + " is compared with the venue from trade id "
              + lowest
              + " on: nothing older is stored, and its connection opened then");
      trades = trades.tailMap(lowest, true);
    }
    AuditReport report = new VenueComparison(key, span).compare(trades, known.around(), gaps);
    if (report.count(FindingKind.VENUE_MISSING_HERE) > 0) {
      // Rows and gaps may have been written since they were read.
      List<Gap> laterGaps = gaps(key, span);
      List<Tick> later = known(key, span).around();
      report = new VenueComparison(key, span).compare(trades, later, laterGaps);
      if (report.count(FindingKind.VENUE_MISSING_HERE) > 0) {
        endOfRecording(key, span, trades.values(), later).ifPresent(sum::note);
      }
    }
    sum.add(report);
    progress.venue(key.symbol(), venue.requests());
    return true;
  }

  /**
   * Reads the hours of the time and one on each side; if there is no tick in it, also earlier ones.
   */
  private Known known(SymbolKey key, Span span) {
    long first = TableReader.hour(span.since()) - TableReader.HOUR_MS;
    long last = TableReader.hour(span.until()) + TableReader.HOUR_MS;
    Known near = read(key, span, hours(key, first, last));
    if (near.around().stream().anyMatch(tick -> tick.eventTime() < span.since())) {
      return near;
    }
    long[] before =
        hours(
            key, TableReader.hour(span.since()) - SEARCHED.toMillis(), first - TableReader.HOUR_MS);
    if (before.length == 0) {
      return near;
    }
    List<Tick> all =
        new ArrayList<>(read(key, span, new long[] {before[before.length - 1]}).around());
    all.addAll(near.around());
    return new Known(near.inside(), all);
  }

  private long[] hours(SymbolKey key, long first, long last) {
    return tables.hours(Set.of(key), first, last).getOrDefault(key, new long[0]);
  }

  private Known read(SymbolKey key, Span span, long[] hours) {
    List<Tick> around = new ArrayList<>();
    long most = ROWS_PER_TRADE * VenueClient.PAGE * scope.maxRequests();
    long countInside = 0;
    Iterator<TickRow> rows = tables.ticks(key, hours, fault -> {});
    while (rows.hasNext()) {
      Tick tick = rows.next().tick();
      if (tick.tradeNumber() != TradeNumber.NONE) {
        around.add(tick);
        countInside += span.contains(tick.eventTime()) ? 1 : 0;
      }
      if (countInside > most) {
        throw new AuditRefusedException(
            "The comparison of "
                + key
                + " with the venue needs more than the "
                + scope.maxRequests()
                + " requests that are allowed: more than "
                + most
                + " ticks are stored in its time"
                + SHORTEN);
      }
    }
    return new Known(
        around.stream()
            .filter(tick -> span.contains(tick.eventTime()))
            .sorted(Comparator.comparingLong(Tick::tradeNumber))
            .toList(),
        around);
  }

  /** The last tick before the time, or else the first one after it. */
  private static Optional<Tick> nearest(Known known, Span span, long highestAtVenue) {
    List<Tick> around =
        known.around().stream().filter(tick -> tick.tradeNumber() <= highestAtVenue).toList();
    return around.stream()
        .filter(tick -> tick.eventTime() < span.since())
        .max(Tick.BY_TIME)
        .or(() -> around.stream().min(Tick.BY_TIME));
  }

  /** Whether the symbol is recorded since its first tick of this time. */
  private static boolean isFirstOfSymbol(Known known, Tick first, Span span) {
    return known.around().stream().noneMatch(tick -> tick.eventTime() < span.since())
        && first.id().session() > span.since();
  }

  /**
   * Returns a note if the venue has trades of the time after the newest tick. The tables do not say
   * which products a connector records. So a product that it no longer records looks like a loss,
   * and it would be wrong to leave it out.
   */
  static Optional<String> endOfRecording(
      SymbolKey key, Span span, Collection<VenueTrade> trades, List<Tick> stored) {
    long newest = stored.stream().mapToLong(Tick::eventTime).max().orElse(Long.MAX_VALUE);
    if (trades.stream().map(VenueTrade::time).noneMatch(t -> t > newest && span.contains(t))) {
      return Optional.empty();
    }
    return Optional.of(
        key
            + " has no tick after "
            + Instant.ofEpochMilli(newest)
            + ", and the venue has later trades: its ticks are lost, or its connector does not"
            + " record it any more. If you removed the product from the connector, leave it out:"
            + " name the other products with --venue-products");
  }

  private void requireFewRequests(SymbolKey key, long lowest, long highest) throws VenueException {
    long needed = (highest - lowest) / VenueClient.PAGE + 2;
    if (venue.requests() + needed > scope.maxRequests()) {
      throw new VenueException(
          "The comparison of "
              + key
              + " with the venue, trade ids "
              + lowest
              + " to "
              + highest
              + ", needs about "
              + needed
              + " requests, and "
              + (scope.maxRequests() - venue.requests())
              + " are left"
              + SHORTEN);
    }
  }

  private List<Gap> gaps(SymbolKey key, Span span) {
    Set<LocalDate> months =
        TableReader.months(
                TableReader.start(TableReader.month(span.since()).minusMonths(GAP_MONTHS_BEFORE)),
                clock.millis())
            .collect(Collectors.toCollection(TreeSet::new));
    return Stream.of(key, SymbolKey.all(key.source()))
        .flatMap(each -> tables.gaps(each, months, fault -> {}).stream())
        .map(row -> row.gap())
        .toList();
  }
}
