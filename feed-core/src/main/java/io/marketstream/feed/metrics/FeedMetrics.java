package io.marketstream.feed.metrics;

import io.marketstream.model.GapCause;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What a task counts about its feed. Written by the socket thread and the scheduler, read by any
 * thread. Intervals are measured on a monotonic clock, so that a step of the wall clock does not
 * show in them.
 */
public final class FeedMetrics {

  private static final long NEVER = Long.MIN_VALUE;
  private static final Set<GapCause> NOT_OF_A_CONNECTION =
      EnumSet.of(GapCause.OVERFLOW, GapCause.TASK_RESTART, GapCause.SUBSCRIPTION_REFUSED);

  /** Both in one reference, so that a reader never adds an interval twice. */
  private record GapTime(long closedMs, long openSince) {}

  /** All of one window, so that a reader never mixes two. */
  private record Delay(long p50, long p99, long max) {}

  private static final long NANOS_PER_MS = 1_000_000;

  private final LongSupplier nanoTime;
  private final LongAdder frames = new LongAdder();
  private final LongAdder ticks = new LongAdder();
  private final LongAdder rejects = new LongAdder();
  private final LongAdder ignored = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final LongAdder repeats = new LongAdder();
  private final long startedAt;
  private final Map<GapCause, LongAdder> losses = new EnumMap<>(GapCause.class);
  private volatile long lastFrame = NEVER;
  private volatile long lastTick = NEVER;
  private volatile GapTime gapTime = new GapTime(0, NEVER);
  private volatile boolean connected;
  private volatile int refusedNow;
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

  public void ticks(int count) {
    if (count > 0) {
      ticks.add(count);
      lastTick = nanoTime.getAsLong();
    }
  }

  public void rejects(int count) {
    rejects.add(count);
  }

  /** A frame of a kind that is known and of no interest. */
  public void ignored() {
    ignored.increment();
  }

  /** A frame with ticks equals the frame before it. */
  public void repeated() {
    repeats.increment();
  }

  /** The feed refused a subscription. */
  public void refused() {
    refusals.increment();
  }

  /** How many symbols are refused and have not ticked since. */
  public void refusedNow(int symbols) {
    refusedNow = symbols;
  }

  public void connected() {
    connected = true;
  }

  /** A connection was lost or could not be opened. */
  public void lost(GapCause cause) {
    connected = false;
    losses.get(cause).increment();
  }

  /** Ticks may be missed from now on. Under the session's lock. */
  public void gapOpened() {
    if (gapTime.openSince() == NEVER) {
      gapTime = new GapTime(gapTime.closedMs(), nanoTime.getAsLong());
    }
  }

  /** The feed was heard again. Under the session's lock. */
  public void gapClosed() {
    gapTime = new GapTime(gapMs(), NEVER);
  }

  /** The distribution of received_at − event_time of a period, in ms; zeros without one. */
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
            "rejects-total", "records", "Input that could not be decoded", rejects::sum));
    all.add(
        new FeedMetric(
            "ignored-frames-total",
            "frames",
            "Frames of known kinds of no interest",
            ignored::sum));
    all.add(
        new FeedMetric(
            "connected", "0 or 1", "Whether a connection is open", () -> connected ? 1 : 0));
    for (GapCause cause : GapCause.values()) {
      if (!NOT_OF_A_CONNECTION.contains(cause)) {
        all.add(
            new FeedMetric(
                "losses-" + cause.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-total",
                "losses",
                "Connections lost or not opened with the cause " + cause,
                losses.get(cause)::sum));
      }
    }
    all.add(
        new FeedMetric(
            "gap-ms-total",
            "ms",
            "Time in which ticks may have been missed since the task started; without that of refused symbols",
            this::gapMs));
    all.add(
        new FeedMetric(
            "ms-since-last-frame",
            "ms",
            "Age of the newest frame; before the first, of the task",
            () -> age(lastFrame == NEVER ? startedAt : lastFrame)));
    all.add(
        new FeedMetric(
            "ms-since-last-tick",
            "ms",
            "Age of the newest tick; before the first, of the task",
            () -> age(lastTick == NEVER ? startedAt : lastTick)));
    all.add(
        new FeedMetric(
            "ms-since-last-tick-of-quietest-symbol",
            "ms",
            "Time since the last tick of the symbol that has been quiet for longest; from the opening of the"
                + " connection where it has sent none. Without refused symbols; 0 for ALL",
            quietestSymbolMs));
    all.add(
        new FeedMetric(
            "repeated-frames-total",
            "frames",
            "Frames with ticks that equal the frame before them",
            repeats::sum));
    all.add(new FeedMetric("buffer-size", "ticks", "What waits for the worker", bufferSize));
    all.add(new FeedMetric("buffer-capacity", "ticks", "buffer.max.records", () -> bufferCapacity));
    all.add(
        new FeedMetric(
            "dropped-ticks-total",
            "ticks",
            "Ticks dropped by the policy drop_oldest",
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
            "Subscriptions that the feed refused, each time it did",
            refusals::sum));
    all.add(
        new FeedMetric(
            "subscriptions-refused",
            "symbols",
            "Symbols that the feed refused and that have sent no tick since",
            () -> refusedNow));
    all.add(
        new FeedMetric(
            "feed-delay-ms-p50",
            "ms",
            "Median of received_at − event_time in the last full minute; negative where a clock is wrong;"
                + " 0 without ticks that have an event time of their own",
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
