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
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
  private static final Duration MAX_BACKOFF = Duration.ofMinutes(1);
  private static final Duration FIRST_REFUSAL_WAIT = Duration.ofSeconds(30);
  private static final Duration MAX_WAIT = Duration.ofMinutes(15);
  private static final int MAX_DOUBLINGS = 10;

  /**
   * A part of what was asked for.
   *
   * @param session the repair that asked
   * @param trades in rising order of their ids
   * @param absent ids that the venue does not have, in rising order
   * @param next the first id about which nothing is known yet
   * @param fetchedAt epoch ms
   */
  record Result(
      String symbol,
      long session,
      List<HistoricTrade> trades,
      List<TradeIds.Range> absent,
      long next,
      long fetchedAt) {}

  private static final class Request implements Delayed {
    final String symbol;
    final long session;
    final long last;
    long next;
    long dueNanos = System.nanoTime();
    long firstAnswerNanos;
    int answers;
    int refusals;

    Request(String symbol, long session, long first, long last) {
      this.symbol = symbol;
      this.session = session;
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
   * @param last less than {@code first} + {@link #maxIds}
   */
  void request(String symbol, long session, long first, long last) {
    requests.add(new Request(symbol, session, first, last));
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
        try {
          answer(request);
        } catch (RestException e) {
          failed(request, e);
        } catch (RuntimeException e) {
          LOG.error("{}: a defect in the repair of {}", name, request.symbol, e);
          failed(request, RestException.unusable(e.toString()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void answer(Request request) throws RestException, InterruptedException {
    awaitTurn();
    List<HistoricTrade> answer = history.trades(request.symbol, request.next, request.last);
    succeeded();
    long now = System.nanoTime();
    request.refusals = 0;
    if (request.answers++ == 0) {
      request.firstAnswerNanos = now;
    }
    NavigableMap<Long, HistoricTrade> known = new TreeMap<>();
    answer.forEach(trade -> known.put(trade.id(), trade));
    List<HistoricTrade> trades = new ArrayList<>();
    List<TradeIds.Range> absent = new ArrayList<>();
    long id = request.next;
    for (HistoricTrade trade = known.get(id); trade != null; trade = known.get(id)) {
      trades.add(trade);
      id++;
    }
    if (id <= request.last && isOverdue(request, now)) {
      long shown = shownUpTo(request, known);
      while (id <= shown) {
        HistoricTrade trade = known.get(id);
        if (trade != null) {
          trades.add(trade);
          id++;
        } else {
          Map.Entry<Long, HistoricTrade> after = known.higherEntry(id);
          long end = after == null ? shown : after.getKey() - 1;
          absent.add(new TradeIds.Range(id, end));
          id = end + 1;
        }
      }
    }
    if (id > request.next) {
      results.put(new Result(request.symbol, request.session, trades, absent, id, clock.millis()));
      request.next = id;
    }
    if (id <= request.last) {
      request.dueNanos = System.nanoTime() + pauseBeforeNextLook(request).toNanos();
      requests.add(request);
    }
  }

  private boolean isOverdue(Request request, long now) {
    return request.answers >= MIN_ANSWERS
        && now - request.firstAnswerNanos >= settings.absentAfter().toNanos();
  }

  /** The id up to which the venue shows everything that it has, as far as this request goes. */
  private long shownUpTo(Request request, NavigableMap<Long, HistoricTrade> known)
      throws RestException, InterruptedException {
    long newestKnown = known.isEmpty() ? 0 : known.lastKey();
    if (newestKnown >= request.last) {
      return request.last;
    }
    awaitTurn();
    long newest = history.newestId(request.symbol);
    succeeded();
    return newest > request.last ? request.last : newestKnown;
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

  private void failed(Request request, RestException failure) {
    if (closed) {
      return;
    }
    metrics.repairFailure();
    Duration wait = backoff(request, failure);
    if (failure.isOfRequest()) {
      LOG.warn(
          "{}: the venue's history refuses the request for {} ({}). Next attempt in {} s",
          name,
          request.symbol,
          failure.getMessage(),
          wait.toSeconds());
      request.dueNanos = System.nanoTime() + wait.toNanos();
    } else {
      if (failuresInARow == 0) {
        LOG.warn(
            "{}: the venue's history cannot be read ({}). Gaps wait for their repair",
            name,
            failure.getMessage());
      }
      failuresInARow++;
      earliestNanos = System.nanoTime() + wait.toNanos();
    }
    requests.add(request);
  }

  private Duration backoff(Request request, RestException failure) {
    Duration asked = failure.retryAfter();
    if (asked != null && asked.compareTo(settings.requestInterval()) > 0) {
      return asked.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : asked;
    }
    Duration longest =
        failure.isOfRequest()
            ? doubled(FIRST_REFUSAL_WAIT, request.refusals++, MAX_WAIT)
            : doubled(FIRST_BACKOFF, failuresInARow, MAX_BACKOFF);
    // Other connectors of this address would otherwise come back at the same moment.
    return longest.multipliedBy(random.nextLong(50, 101)).dividedBy(100);
  }

  private static Duration doubled(Duration first, int times, Duration max) {
    Duration wait = first.multipliedBy(1L << Math.min(MAX_DOUBLINGS, times));
    return wait.compareTo(max) > 0 ? max : wait;
  }
}
