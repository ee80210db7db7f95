package io.marketstream.feed.metrics;

import io.marketstream.feed.buffer.BufferConfig;
import io.marketstream.model.GapCause;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The metrics of a task. The socket thread and the session's thread write them, any thread reads
 * them. Intervals use a monotonic clock, so a step of the wall clock does not affect them.
 */
public final class FeedMetrics {

  private static final long NEVER = Long.MIN_VALUE;
  private static final Set<GapCause> NON_CONNECTION_CAUSES =
      EnumSet.of(
          GapCause.OVERFLOW,
          GapCause.TASK_RESTART,
          GapCause.SUBSCRIPTION_REFUSED,
          GapCause.VENUE_DROPPED,
          GapCause.ABSENT_AT_VENUE);

  /** Both values in one reference, so that a reader never counts an interval twice. */
  private record GapTime(long closedMs, long openSince) {}

  /** The values of one window in one reference, so that a reader never mixes two windows. */
  private record Delay(long p50, long p99, long max) {}

  private static final long NANOS_PER_MS = 1_000_000;

  private final LongSupplier nanoTime;
  private final LongAdder frames = new LongAdder();
  private final LongAdder ticks = new LongAdder();
  private final LongAdder rejects = new LongAdder();
  private final LongAdder ignored = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final LongAdder repeats = new LongAdder();
  private final LongAdder repeatedTrades = new LongAdder();
  private final LongAdder holes = new LongAdder();
  private final LongAdder repairedTrades = new LongAdder();
  private final LongAdder absentTrades = new LongAdder();
  private final LongAdder repairRequests = new LongAdder();
  private final LongAdder repairFailures = new LongAdder();
  private final long startedAt;
  private final Map<GapCause, LongAdder> losses = new EnumMap<>(GapCause.class);
  private volatile long lastFrame = NEVER;
  private volatile long lastTick = NEVER;
  private volatile GapTime gapTime = new GapTime(0, NEVER);
  private volatile boolean connected;
  private volatile int refusedNow;
  private volatile int repairsPending;
  private volatile Delay delay = new Delay(0, 0, 0);

  /**
   * @param nanoTime a monotonic clock, as {@link System#nanoTime}
   */
  public FeedMetrics(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.startedAt = nanoTime.getAsLong();
    for (GapCause cause : GapCause.values()) {
      losses.put(cause, new LongAdder());
    }
  }

  /** A text or binary frame was read. */
  public void frame() {
    frames.increment();
    lastFrame = nanoTime.getAsLong();
  }

  /** Ticks were numbered. */
  public void ticks(int count) {
    if (count > 0) {
      ticks.add(count);
      lastTick = nanoTime.getAsLong();
    }
  }

  /** Inputs were rejected. */
  public void rejects(int count) {
    rejects.add(count);
  }

  /** A frame of a known kind was ignored by design. */
  public void ignored() {
    ignored.increment();
  }

  /** A frame with ticks was equal to the previous one. */
  public void repeated() {
    repeats.increment();
  }

  /** A trade with an id that was received before was left out. */
  public void repeatedTrade() {
    repeatedTrades.increment();
  }

  /** The trade ids of a symbol have a hole although the connection is healthy. */
  public void hole() {
    holes.increment();
  }

  /** A missing trade was fetched from the venue's history. */
  public void repairedTrade() {
    repairedTrades.increment();
  }

  /** The venue's history does not have missing trades either. */
  public void absentTrades(long count) {
    absentTrades.add(count);
  }

  /** A request to the venue's history was sent. */
  public void repairRequest() {
    repairRequests.increment();
  }

  /** A request to the venue's history has failed. */
  public void repairFailure() {
    repairFailures.increment();
  }

  /** How many gaps wait for their repair or are in it. */
  public void repairsPending(int gaps) {
    repairsPending = gaps;
  }

  /** The feed has refused a subscription. */
  public void refused() {
    refusals.increment();
  }

  /** How many symbols are refused and have not ticked since. */
  public void refusedNow(int symbols) {
    refusedNow = symbols;
  }

  /** A connection has opened. */
  public void connected() {
    connected = true;
  }

  /** A connection was lost or could not be opened. */
  public void lost(GapCause cause) {
    connected = false;
    lossesOf(cause).increment();
  }

  private LongAdder lossesOf(GapCause cause) {
    return Objects.requireNonNull(losses.get(cause), "every cause has a counter");
  }

  /** Ticks may be missed from now on. Under the session's lock. */
  public void gapOpened() {
    if (gapTime.openSince() == NEVER) {
      gapTime = new GapTime(gapTime.closedMs(), nanoTime.getAsLong());
    }
  }

  /** No ticks are missed any more. Under the session's lock. */
  public void gapClosed() {
    gapTime = new GapTime(gapMs(), NEVER);
  }

  /** The distribution of received_at − event_time in a window, in ms; zeros without ticks. */
  public void delay(long p50, long p99, long max) {
    delay = new Delay(p50, p99, max);
  }

  /**
   * Every metric of a task, in the order of the documentation.
   *
   * @param quietestSymbolMs how long the quietest symbol has been silent, in ms
   */
  public List<FeedMetric> all(
      LongSupplier bufferSize,
      LongSupplier bufferDropped,
      long bufferCapacity,
      LongSupplier quietestSymbolMs,
      long subscriptionsWanted) {
    List<FeedMetric> all = new ArrayList<>();
    all.add(new FeedMetric("frames-total", "frames", "Frames read from the socket", frames::sum));
    all.add(new FeedMetric("ticks-total", "ticks", "Ticks numbered at the socket", ticks::sum));
    all.add(
        new FeedMetric(
            "rejects-total", "records", "Inputs that could not be decoded", rejects::sum));
    all.add(
        new FeedMetric(
            "ignored-frames-total",
            "frames",
            "Frames ignored by design, such as news",
            ignored::sum));
    all.add(
        new FeedMetric(
            "connected", "0 or 1", "Whether a connection is open", () -> connected ? 1 : 0));
    for (GapCause cause : GapCause.values()) {
      if (!NON_CONNECTION_CAUSES.contains(cause)) {
        all.add(
            new FeedMetric(
                "losses-" + cause.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-total",
                "losses",
                "Connections lost or not opened with the cause " + cause,
                lossesOf(cause)::sum));
      }
    }
    all.add(
        new FeedMetric(
            "gap-ms-total",
            "ms",
            "Time since the task started in which ticks may have been missed; refused symbols do not count",
            this::gapMs));
    all.add(
        new FeedMetric(
            "ms-since-last-frame",
            "ms",
            "Age of the newest frame; before the first frame, age of the task",
            () -> age(lastFrame == NEVER ? startedAt : lastFrame)));
    all.add(
        new FeedMetric(
            "ms-since-last-tick",
            "ms",
            "Age of the newest tick; before the first tick, age of the task",
            () -> age(lastTick == NEVER ? startedAt : lastTick)));
    all.add(
        new FeedMetric(
            "ms-since-last-tick-of-quietest-symbol",
            "ms",
            "Time since the last tick of the symbol that has been quiet for longest, or since the"
                + " connection opened if it has sent none; refused symbols do not count; 0 for ALL",
            quietestSymbolMs));
    all.add(
        new FeedMetric(
            "repeated-frames-total",
            "frames",
            "Frames with ticks that are equal to the previous frame with ticks",
            repeats::sum));
    all.add(
        new FeedMetric(
            "repeated-trades-total",
            "trades",
            "Trades left out because a trade with the same id was received before",
            repeatedTrades::sum));
    all.add(
        new FeedMetric(
            "trade-id-holes-total",
            "holes",
            "Holes in the trade ids of a symbol on a healthy connection",
            holes::sum));
    all.add(
        new FeedMetric(
            "repaired-trades-total",
            "trades",
            "Missing trades fetched from the venue's history",
            repairedTrades::sum));
    all.add(
        new FeedMetric(
            "absent-trades-total",
            "trades",
            "Missing trades that cannot be fetched: the venue's history lacks them, or its rows of them are unusable",
            absentTrades::sum));
    all.add(
        new FeedMetric(
            "repairs-pending",
            "gaps",
            "Gaps that wait for their repair or are being repaired",
            () -> repairsPending));
    all.add(
        new FeedMetric(
            "repair-requests-total",
            "requests",
            "Requests sent to the venue's history",
            repairRequests::sum));
    all.add(
        new FeedMetric(
            "repair-failures-total",
            "requests",
            "Requests to the venue's history that failed",
            repairFailures::sum));
    all.add(new FeedMetric("buffer-size", "ticks", "Ticks that wait in the buffer", bufferSize));
    all.add(
        new FeedMetric(
            "buffer-capacity", "ticks", BufferConfig.BUFFER_MAX_RECORDS, () -> bufferCapacity));
    all.add(
        new FeedMetric(
            "dropped-ticks-total",
            "ticks",
            "Ticks dropped because the buffer was full (drop_oldest)",
            bufferDropped));
    all.add(
        new FeedMetric(
            "subscriptions-wanted",
            "symbols",
            "Symbols subscribed to; 1 for ALL",
            () -> subscriptionsWanted));
    all.add(
        new FeedMetric(
            "subscriptions-refused-total",
            "refusals",
            "Subscriptions that the feed has refused or not answered",
            refusals::sum));
    all.add(
        new FeedMetric(
            "subscriptions-refused",
            "symbols",
            "Symbols whose subscription the feed refuses or has not answered",
            () -> refusedNow));
    all.add(
        new FeedMetric(
            "feed-delay-ms-p50",
            "ms",
            "Median of received_at − event_time in the last full minute; negative if a clock is wrong;"
                + " 0 without ticks, or if the feed sends no event time",
            () -> delay.p50()));
    all.add(
        new FeedMetric(
            "feed-delay-ms-p99",
            "ms",
            "99th percentile of received_at − event_time in the last full minute",
            () -> delay.p99()));
    all.add(
        new FeedMetric(
            "feed-delay-ms-max",
            "ms",
            "Maximum of received_at − event_time in the last full minute",
            () -> delay.max()));
    return List.copyOf(all);
  }

  private long gapMs() {
    GapTime time = gapTime;
    return time.closedMs() + (time.openSince() == NEVER ? 0 : age(time.openSince()));
  }

  private long age(long since) {
    return since == NEVER ? -1 : (nanoTime.getAsLong() - since) / NANOS_PER_MS;
  }
}
