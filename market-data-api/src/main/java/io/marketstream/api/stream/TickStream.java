package io.marketstream.api.stream;

import io.marketstream.api.cassandra.MarketTables;
import io.marketstream.api.market.Instrument;
import io.marketstream.api.market.Tick;
import io.marketstream.api.market.TickId;
import io.marketstream.api.query.Symbols;
import io.marketstream.api.query.Ticks;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the table of ticks and hands new ticks to the clients. It reads each symbol once, however
 * many clients want it, and reads nothing without clients.
 *
 * <p>A tick whose event time is older than that of the newest tick by more than {@link
 * #LATENESS_MS} is not streamed.
 */
public final class TickStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TickStream.class);

  /** How far back in event time new ticks are looked for. */
  static final long LATENESS_MS = 2_000;

  /** How long a tick waits for those with smaller numbers. */
  private static final long MAX_WAIT_MS = 3_000;

  /**
   * The id of an event is the position of one symbol. Of the others, ticks from so long before are
   * sent again: some may have waited, or may have come through a slower partition.
   */
  private static final long OVERLAP_MS = 10_000;

  private static final long RETRY_DELAY_MS = 200;
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
  private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_TICKS_PER_POLL = 10_000;
  private static final int MAX_SENDERS = 64;

  /** A client that was away for longer, or missed more, starts anew. */
  private static final Duration MAX_RESUME_AGE = Duration.ofHours(24);

  static final int MAX_RESUME_TICKS = Subscription.MAX_WAITING / 2;

  /** The ticks of the overlap are read as well, and most of them are not sent. */
  private static final int MAX_TICKS_READ = 2 * MAX_RESUME_TICKS;

  private final Symbols symbols;
  private final Ticks ticks;
  private final Clock clock;
  private final Function<Tick, String> json;
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService poller =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "tick-stream"));
  private final ExecutorService senders =
      Executors.newFixedThreadPool(MAX_SENDERS, task -> daemon(task, "tick-stream-sender"));

  private final Executor retryLater =
      CompletableFuture.delayedExecutor(RETRY_DELAY_MS, TimeUnit.MILLISECONDS);

  /** What was read of each symbol that somebody wants. Only the poller touches it. */
  private final Map<Instrument, TickSequencer> sequencers = new HashMap<>();

  public TickStream(Symbols symbols, Ticks ticks, Clock clock, Function<Tick, String> json) {
    this.symbols = symbols;
    this.ticks = ticks;
    this.clock = clock;
    this.json = json;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Starts to follow the table. */
  public void start() {
    var unused =
        poller.scheduleWithFixedDelay(
            this::pollSafely,
            POLL_INTERVAL.toMillis(),
            POLL_INTERVAL.toMillis(),
            TimeUnit.MILLISECONDS);
    var unusedHeartbeat =
        poller.scheduleAtFixedRate(
            this::heartbeat,
            HEARTBEAT_INTERVAL.toMillis(),
            HEARTBEAT_INTERVAL.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void heartbeat() {
    for (Subscription subscription : subscriptions) {
      try {
        subscription.heartbeat();
      } catch (RuntimeException e) { // of one client: the others get theirs
        LOG.debug("a heartbeat cannot be sent", e);
      }
    }
  }

  /** How many clients there are. */
  public int clients() {
    return subscriptions.size();
  }

  /**
   * Adds a client. It gets the newest tick of each symbol, or all ticks since its last event, and
   * then each new tick.
   *
   * @param last the client's last event; empty if it has none
   */
  public Subscription subscribe(
      List<Instrument> instruments, Optional<EventId> last, StreamClient client) {
    Subscription subscription = new Subscription(instruments, client, senders, true);
    subscriptions.add(subscription);
    // First the poller takes over the symbols. What it has handed out by then is the past, and what
    // it hands out later is live: nothing lies between the two.
    var unused =
        CompletableFuture.supplyAsync(() -> handedOut(instruments), poller)
            .thenCompose(
                handedOut ->
                    last.isPresent()
                        ? past(instruments, last.get(), handedOut, MAX_WAIT_MS / RETRY_DELAY_MS)
                        : CompletableFuture.completedFuture(newest(instruments, handedOut)))
            .whenComplete(
                (past, failure) -> {
                  if (failure != null) {
                    LOG.warn(
                        "a client of the stream is disconnected, because its missed ticks cannot be read: {}",
                        failure.toString());
                    remove(subscription);
                  } else {
                    subscription.resume(past.events(), past.resetReason(), past.handedOut());
                  }
                });
    return subscription;
  }

  /** Removes a client and ends its connection. Does nothing if it has been removed already. */
  public void remove(Subscription subscription) {
    subscriptions.remove(subscription);
    subscription.close();
  }

  /**
   * What a client gets first.
   *
   * @param resetReason why something may be missing; null if nothing is
   * @param handedOut the last tick of each symbol that is not live any more
   */
  private record Past(
      List<StreamEvent> events, @Nullable String resetReason, Map<Instrument, Tick> handedOut) {}

  /**
   * The last tick of each symbol that was handed out. On the poller.
   *
   * @throws IllegalStateException if a symbol could not be read: the client must try again
   */
  private Map<Instrument, Tick> handedOut(List<Instrument> instruments) {
    pollSafely();
    Map<Instrument, Tick> handedOut = new HashMap<>();
    for (Instrument instrument : instruments) {
      TickSequencer sequencer = sequencers.get(instrument);
      if (sequencer == null || !sequencer.hasBegun()) {
        throw new IllegalStateException(instrument + " cannot be read now");
      }
      Tick tick = sequencer.last();
      if (tick != null) {
        handedOut.put(instrument, tick);
      }
    }
    return handedOut;
  }

  private Past newest(List<Instrument> instruments, Map<Instrument, Tick> handedOut) {
    List<StreamEvent> events = new ArrayList<>();
    for (Instrument instrument : instruments) {
      Tick tick = handedOut.get(instrument);
      if (tick != null) {
        events.add(event(tick));
      }
    }
    return new Past(events, null, handedOut);
  }

  private CompletableFuture<Past> past(
      List<Instrument> instruments, EventId last, Map<Instrument, Tick> handedOut, long retries) {
    long now = clock.millis();
    long from = now - MAX_RESUME_AGE.toMillis();
    return ticks
        .page(last.instrument(), from, now + MAX_RESUME_AGE.toMillis(), null, MAX_RESUME_TICKS)
        .thenCompose(
            page -> {
              Optional<Tick> seen =
                  page.ticks().stream().filter(tick -> EventId.of(tick).equals(last)).findFirst();
              if (seen.isEmpty()) {
                Past newest = newest(instruments, handedOut);
                return CompletableFuture.completedFuture(
                    new Past(
                        newest.events(),
                        "the event "
                            + last
                            + " is not among the newest "
                            + MAX_RESUME_TICKS
                            + " ticks of a day. Read /api/ticks for what came since",
                        handedOut));
              }
              return since(instruments, last, seen.get(), handedOut, retries);
            });
  }

  private CompletableFuture<Past> since(
      List<Instrument> instruments,
      EventId last,
      Tick seen,
      Map<Instrument, Tick> handedOut,
      long retries) {
    TickId from = new TickId(seen.eventTime() - OVERLAP_MS, Long.MIN_VALUE, Long.MIN_VALUE);
    long to = seen.eventTime() + 2 * MAX_RESUME_AGE.toMillis();
    return MarketTables.each(instruments, 8, each -> ticks.after(each, from, to, MAX_TICKS_READ))
        .thenComposeAsync(
            read -> {
              List<Tick> missed =
                  read.stream()
                      .flatMap(List::stream)
                      .filter(tick -> isAfter(tick, last, seen) && isHandedOut(tick, handedOut))
                      .sorted(
                          Comparator.comparingLong(Tick::receivedAt)
                              .thenComparing(TickSequencer.BY_NUMBER))
                      .toList();
              if (retries > 0 && mayStillBeWritten(missed, last)) {
                return CompletableFuture.supplyAsync(() -> retries - 1, retryLater)
                    .thenCompose(left -> since(instruments, last, seen, handedOut, left));
              }
              boolean isCut = read.stream().anyMatch(each -> each.size() >= MAX_TICKS_READ);
              return CompletableFuture.completedFuture(
                  missed.size() > MAX_RESUME_TICKS || isCut
                      ? new Past(
                          List.of(),
                          "more than "
                              + MAX_RESUME_TICKS
                              + " ticks came since "
                              + last
                              + ". Read /api/ticks for them",
                          handedOut)
                      : new Past(missed.stream().map(this::event).toList(), null, handedOut));
            },
            senders);
  }

  private static boolean isHandedOut(Tick tick, Map<Instrument, Tick> handedOut) {
    Tick newest = handedOut.get(tick.instrument());
    return newest != null && TickSequencer.BY_NUMBER.compare(tick, newest) <= 0;
  }

  /** Whether a number is missing before a tick that has just come: the job may be writing it. */
  private boolean mayStillBeWritten(List<Tick> missed, EventId last) {
    long expected = last.sequence() + 1;
    for (Tick tick : missed) {
      if (tick.instrument().equals(last.instrument()) && tick.id().session() == last.session()) {
        if (tick.id().sequence() > expected
            && tick.receivedAt() > clock.millis() - 2 * MAX_WAIT_MS) {
          return true;
        }
        expected = tick.id().sequence() + 1;
      }
    }
    return false;
  }

  /** Of the event's own symbol by number, of the others by the time of arrival. */
  private static boolean isAfter(Tick tick, EventId last, Tick seen) {
    if (tick.instrument().equals(last.instrument())) {
      return tick.id().session() > last.session()
          || (tick.id().session() == last.session() && tick.id().sequence() > last.sequence());
    }
    return tick.receivedAt() >= seen.receivedAt() - OVERLAP_MS;
  }

  private void pollSafely() {
    try {
      poll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) { // Cassandra is away: the next poll reads what this one has not
      LOG.debug("the ticks cannot be read", e);
    }
  }

  private void poll() throws Exception {
    subscriptions.removeIf(Subscription::isClosed);
    NavigableMap<Instrument, Tick> latest = null;
    if (!subscriptions.isEmpty()) {
      latest = symbols.latest().get(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }
    Set<Instrument> wanted = new HashSet<>();
    if (latest != null) {
      for (Instrument instrument : latest.keySet()) {
        if (subscriptions.stream().anyMatch(each -> each.concerns(instrument))) {
          wanted.add(instrument);
        }
      }
    }
    sequencers.keySet().retainAll(wanted);
    Map<Instrument, CompletableFuture<List<Tick>>> asked = new HashMap<>();
    for (Instrument instrument : wanted) {
      TickSequencer sequencer =
          sequencers.computeIfAbsent(
              instrument, unseen -> new TickSequencer(MAX_WAIT_MS, LATENESS_MS));
      Tick newest = latest == null ? null : latest.get(instrument);
      TickId known = sequencer.newest();
      if (newest != null && (!newest.id().equals(known) || sequencer.isWaiting())) {
        long from = (known == null ? newest.id() : known).eventTime() - LATENESS_MS;
        asked.put(
            instrument,
            ticks.after(
                instrument,
                new TickId(from, Long.MIN_VALUE, Long.MIN_VALUE),
                newest.eventTime() + Ticks.HOUR_MS,
                MAX_TICKS_PER_POLL));
      }
    }
    for (Map.Entry<Instrument, CompletableFuture<List<Tick>>> each : asked.entrySet()) {
      try {
        handOut(each.getKey(), each.getValue().get(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
      } catch (ExecutionException | TimeoutException e) { // of one symbol: the others go on
        LOG.debug("the ticks of {} cannot be read", each.getKey(), e);
      }
    }
  }

  private void handOut(Instrument instrument, List<Tick> read) {
    TickSequencer sequencer = sequencers.get(instrument);
    if (sequencer == null) {
      return;
    }
    if (!sequencer.hasBegun()) {
      sequencer.begin(read, clock.millis());
      return;
    }
    for (Tick tick : sequencer.offer(read, clock.millis())) {
      StreamEvent event = event(tick);
      for (Subscription subscription : subscriptions) {
        if (subscription.concerns(instrument)) {
          subscription.live(event);
        }
      }
    }
  }

  private StreamEvent event(Tick tick) {
    return new StreamEvent(EventId.of(tick), tick, json.apply(tick));
  }

  @Override
  public void close() {
    poller.shutdownNow();
    subscriptions.forEach(this::remove);
    senders.shutdownNow();
  }
}
