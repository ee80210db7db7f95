package io.marketstream.feed.repair;

import io.marketstream.feed.ledger.TradeIds;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.websocket.FeedThreadFactory;
import io.marketstream.feed.websocket.RestException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the venue's history for missing trades, one request at a time and on its own thread. It
 * holds at most a few pages of trades, so a task that does not poll also stops the requests.
 *
 * <p>If the venue is away or asks for fewer requests, all requests wait, at first for a second. The
 * wait doubles with each failure in a row. A request that the venue refuses waits alone.
 */
final class RepairWorker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RepairWorker.class);
  private static final int MAX_RESULTS = 2;
  private static final int MIN_ANSWERS = 3;
  private static final int STUCK_AFTER = 10;
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
  private static final Duration MAX_BACKOFF = Duration.ofMinutes(1);
  private static final Duration FIRST_REFUSAL_WAIT = Duration.ofSeconds(30);
  private static final Duration MAX_WAIT = Duration.ofMinutes(15);
  private static final int MAX_DOUBLINGS = 10;

  /**
   * Consecutive trades that the venue does not have in a usable form.
   *
   * @param problem why the venue's row is unusable; null if the venue has no row
   */
  record Absent(TradeIds.Range ids, @Nullable String problem) {}

  /**
   * A part of what was asked for.
   *
   * @param repair the number of the repair that asked
   * @param trades in rising order of their ids
   * @param absent trades that the venue does not have in a usable form, in rising order
   * @param next the first id about which nothing is known yet
   * @param fetchedAt epoch ms
   * @param isStuck whether nothing has come for a while. The request goes on
   */
  record Result(
      long repair,
      List<HistoricTrade> trades,
      List<Absent> absent,
      long next,
      long fetchedAt,
      boolean isStuck) {}

  private static final class Request implements Delayed {
    final String symbol;
    final long repair;
    final long last;
    long next;
    long dueNanos = System.nanoTime();
    long firstAnswerNanos;
    int answers;
    int failures; // in a row
    int fruitless; // attempts in a row that brought nothing

    Request(String symbol, long repair, long first, long last) {
      this.symbol = symbol;
      this.repair = repair;
      this.next = first;
      this.last = last;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(dueNanos - ((Request) other).dueNanos, 0);
    }
  }

  private final String name;
  private final RepairSettings settings;
  private final TradeHistory history;
  private final FeedMetrics metrics;
  private final Clock clock;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final DelayQueue<Request> requests = new DelayQueue<>();
  private final BlockingQueue<Result> results = new ArrayBlockingQueue<>(MAX_RESULTS);
  private final Set<Long> cancelled = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private long earliestNanos = System.nanoTime();
  private int failuresInARow;
  private volatile boolean closed;

  /**
   * @param name the name of the connector, for log lines and the thread
   */
  RepairWorker(String name, RepairSettings settings, FeedMetrics metrics, Clock clock) {
    this.name = name;
    this.settings = settings;
    this.history = settings.history().get();
    this.metrics = metrics;
    this.clock = clock;
    this.thread =
        new FeedThreadFactory(
                "feed-repair-" + name,
                defect -> LOG.error("{}: the repair has ended", name, defect))
            .newThread(this::run);
    thread.start();
  }

  /** The most ids of one request. */
  int maxIds() {
    return history.maxIds();
  }

  /**
   * Asks for trades. Results follow in order until they have covered {@code last}.
   *
   * @param repair the number of the repair
   * @param last less than {@code first} + {@link #maxIds}
   */
  void request(String symbol, long repair, long first, long last) {
    requests.add(new Request(symbol, repair, first, last));
  }

  /** Ends the request of a repair. A result that is ready may still come. */
  void cancel(long repair) {
    cancelled.add(repair);
  }

  /** The next result; null if there is none yet. Does not wait. */
  @Nullable Result poll() {
    return results.poll();
  }

  /** Stops the thread and ends a running request. Does not wait for it. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    history.close();
  }

  private void run() {
    try {
      while (!closed) {
        Request request = requests.take();
        if (cancelled.remove(request.repair)) {
          continue;
        }
        try {
          look(request);
        } catch (RestException e) {
          failed(request, e);
        } catch (RuntimeException | Error e) {
          LOG.error("{}: a defect in the repair of {}", name, request.symbol, e);
          failed(request, RestException.unusable(e.toString()));
        }
        if (request.next <= request.last) {
          requests.add(request);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void look(Request request) throws RestException, InterruptedException {
    boolean overdue = isOverdue(request);
    // Before the page: whatever the page lacks is then older than this trade.
    long newest = overdue ? newestId(request.symbol) : 0;
    awaitTurn();
    List<HistoryRow> answer = history.trades(request.symbol, request.next, request.last);
    succeeded();
    request.failures = 0;
    if (request.answers++ == 0) {
      request.firstAnswerNanos = System.nanoTime();
    }
    request.dueNanos = System.nanoTime() + pauseBeforeNextLook(request).toNanos();
    NavigableMap<Long, HistoryRow> rows = new TreeMap<>();
    answer.forEach(row -> rows.put(row.id(), row));
    long shown = 0;
    if (overdue) {
      shown = newest > request.last ? request.last : rows.isEmpty() ? 0 : rows.lastKey();
    }
    deliver(request, rows, shown);
  }

  /**
   * Delivers the trades up to the first one that the venue may still show, or correct.
   *
   * @param shown the last id of which it is known whether the venue has it; 0 for none
   */
  private void deliver(Request request, NavigableMap<Long, HistoryRow> rows, long shown)
      throws InterruptedException {
    List<HistoricTrade> trades = new ArrayList<>();
    List<Absent> absent = new ArrayList<>();
    long id = request.next;
    while (rows.get(id) instanceof HistoricTrade || id <= shown) {
      HistoryRow row = rows.get(id);
      if (row instanceof HistoricTrade trade) {
        trades.add(trade);
        id++;
      } else if (row instanceof UnusableRow unusable) {
        absent.add(new Absent(new TradeIds.Range(id, id), unusable.problem()));
        id++;
      } else {
        Map.Entry<Long, HistoryRow> after = rows.higherEntry(id);
        long end = after == null ? shown : after.getKey() - 1;
        absent.add(new Absent(new TradeIds.Range(id, end), null));
        id = end + 1;
      }
    }
    if (id == request.next) {
      fruitless(request);
    } else {
      request.fruitless = 0;
      results.put(new Result(request.repair, trades, absent, id, clock.millis(), false));
      request.next = id;
    }
  }

  private void fruitless(Request request) throws InterruptedException {
    if (++request.fruitless == STUCK_AFTER) {
      results.put(
          new Result(request.repair, List.of(), List.of(), request.next, clock.millis(), true));
    }
  }

  private boolean isOverdue(Request request) {
    return request.answers >= MIN_ANSWERS
        && System.nanoTime() - request.firstAnswerNanos >= settings.absentAfter().toNanos();
  }

  private long newestId(String symbol) throws RestException, InterruptedException {
    awaitTurn();
    long newest = history.newestId(symbol);
    succeeded();
    return newest;
  }

  /** A fifth of the time after which a trade counts as absent; later more. */
  private Duration pauseBeforeNextLook(Request request) {
    int doublings = Math.min(MAX_DOUBLINGS, Math.max(0, request.answers - 2 * MIN_ANSWERS));
    Duration pause = settings.absentAfter().dividedBy(5).multipliedBy(1L << doublings);
    return pause.compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : pause;
  }

  private void awaitTurn() throws InterruptedException {
    long wait = earliestNanos - System.nanoTime();
    if (wait > 0) {
      TimeUnit.NANOSECONDS.sleep(wait);
    }
    earliestNanos = System.nanoTime() + settings.requestInterval().toNanos();
    metrics.repairRequest();
  }

  private void succeeded() {
    if (failuresInARow > 0) {
      LOG.info("{}: the venue's history answers again", name);
    }
    failuresInARow = 0;
  }

  private void failed(Request request, RestException failure) throws InterruptedException {
    if (closed) {
      return;
    }
    metrics.repairFailure();
    Duration wait = backoff(request, failure);
    // Requests for other symbols go first: perhaps only this one fails.
    request.dueNanos = System.nanoTime() + wait.toNanos();
    request.failures++;
    if (failure.isOfRequest()) {
      LOG.warn(
          "{}: the venue's history refuses the request for {} ({}). Next attempt in {} s",
          name,
          request.symbol,
          failure.getMessage(),
          wait.toSeconds());
    } else {
      if (failuresInARow == 0) {
        LOG.warn(
            "{}: the venue's history cannot be read ({}). Gaps wait for their repair",
            name,
            failure.getMessage());
      }
      earliestNanos = System.nanoTime() + pause(failure, failuresInARow++).toNanos();
    }
    fruitless(request);
  }

  private Duration backoff(Request request, RestException failure) {
    return failure.isOfRequest()
        ? jittered(doubled(FIRST_REFUSAL_WAIT, request.failures, MAX_WAIT))
        : pause(failure, request.failures);
  }

  private Duration pause(RestException failure, int failures) {
    Duration asked = failure.retryAfter();
    if (asked != null && asked.compareTo(settings.requestInterval()) > 0) {
      return asked.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : asked;
    }
    return jittered(doubled(FIRST_BACKOFF, failures, MAX_BACKOFF));
  }

  /** Other connectors of this address would otherwise come back at the same moment. */
  private Duration jittered(Duration longest) {
    return longest.multipliedBy(random.nextLong(50, 101)).dividedBy(100);
  }

  private static Duration doubled(Duration first, int times, Duration max) {
    Duration wait = first.multipliedBy(1L << Math.min(MAX_DOUBLINGS, times));
    return wait.compareTo(max) > 0 ? max : wait;
  }
}
