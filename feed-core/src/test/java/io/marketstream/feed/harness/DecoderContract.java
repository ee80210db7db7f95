package io.marketstream.feed.harness;

import com.sun.management.ThreadMXBean;
import io.marketstream.feed.protocol.EventTime;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FrameEvents;
import io.marketstream.model.Limits;
import io.marketstream.model.TickKind;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a decoder must return for any input: ticks that a record can hold, an ignored frame or a
 * rejection. It never throws an exception, and never needs much more memory than the frame. A
 * violation throws an {@link AssertionError} that shows the frame. Not thread-safe: it measures the
 * thread it runs on.
 */
public final class DecoderContract {

  /** When the frames are read, epoch ms. */
  public static final long NOW = 1_680_286_538_000L;

  /**
   * The bytes that may be allocated per character of a frame, including garbage, and for any frame.
   * The most expensive characters known are those of {@code 1e40}: eleven of them make a tick whose
   * price has 41 digits. The most expensive short frames are full of entries that are rejected one
   * by one.
   */
  private static final int MAX_BYTES_PER_CHARACTER = 42;

  private static final int MAX_BASE_BYTES = 32 * 1024;
  private static final int MEASUREMENTS = 3;

  private static final int MAX_DIGITS = 40;
  private static final int MAX_EXPONENT = 40;
  private static final int MAX_MESSAGE_LENGTH = 200;
  private static final int MAX_DETAIL_LENGTH = 1_000;
  private static final Pattern PLAIN = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
  private static final int SHOWN = 2_000;

  private static final ThreadMXBean THREADS =
      (ThreadMXBean) ManagementFactory.getThreadMXBean(); // every HotSpot JVM has it

  /** The decoder under test. */
  public interface Decoder {
    List<FeedEvent> decode(String frame, long receivedAt);
  }

  private final Decoder decoder;

  public DecoderContract(Decoder decoder) {
    this.decoder = decoder;
  }

  /** Returns the frame's events after it has checked them. */
  public List<FeedEvent> decode(String frame) {
    List<FeedEvent> events = decoder.decode(frame, NOW);
    long bound = (long) MAX_BYTES_PER_CHARACTER * frame.length() + MAX_BASE_BYTES;
    long allocated = Long.MAX_VALUE;
    // Measures when the frame is decoded again. The first time may load classes and grow the JSON
    // parser's table of names, which is bounded. It measures several times, because a fuzzer may
    // instrument at any time.
    for (int i = 0; i < MEASUREMENTS && allocated > bound; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      List<FeedEvent> again = decoder.decode(frame, NOW);
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      require(again.equals(events), "the same events for the same frame", frame);
    }
    require(
        allocated <= bound,
        "a few times its " + frame.length() + " characters in memory, not " + allocated,
        frame);
    require(events.size() <= 1 + frame.length() / 2, "no more events than entries", frame);
    int rejects = 0;
    for (FeedEvent event : events) {
      check(event, events.size() == 1, frame);
      rejects += event instanceof FeedEvent.Rejected ? 1 : 0;
    }
    require(rejects <= FrameEvents.MAX_REJECTS + 1, "a bounded number of rejects", frame);
    return events;
  }

  private static void check(FeedEvent event, boolean alone, String frame) {
    if (event instanceof FeedEvent.Tick tick) {
      checkTick(tick, frame);
    } else if (event instanceof FeedEvent.Rejected rejected) {
      require(rejected.reason() != null, "a reason", frame);
      require(isBounded(rejected.detail(), MAX_DETAIL_LENGTH), "a bounded detail", frame);
      require(frame.contains(rejected.input()), "an input that is part of the frame", frame);
    } else if (event instanceof FeedEvent.Refused refused) {
      require(alone, "a refusal alone", frame);
      require(refused.message().length() <= frame.length(), "words of the frame", frame);
      require(refused.input().equals(frame), "the refusal's frame", frame);
    } else if (event instanceof FeedEvent.FeedError complaint) {
      require(alone, "a complaint alone", frame);
      require(complaint.message().length() <= frame.length(), "words of the frame", frame);
      require(complaint.input().equals(frame), "the complaint's frame", frame);
    } else if (event instanceof FeedEvent.Unauthorized refused) {
      require(alone, "a refusal alone", frame);
      require(isBounded(refused.message(), MAX_MESSAGE_LENGTH), "bounded words", frame);
    } else {
      require(alone, "nothing beside a heartbeat or an ignored frame", frame);
    }
  }

  private static void checkTick(FeedEvent.Tick tick, String frame) {
    require(isBounded(tick.symbol(), Limits.MAX_SYMBOL_LENGTH), "a bounded symbol", frame);
    require(isUtf8(tick.symbol()), "a symbol that UTF-8 can carry", frame);
    checkDecimal(tick.price(), frame);
    boolean isTrade = false;
    if (tick.volume() != null) {
      checkDecimal(tick.volume(), frame);
      int sign = new BigDecimal(tick.volume()).signum();
      require(sign >= 0, "no negative volume", frame);
      isTrade = sign > 0;
    }
    require(tick.kind() == (isTrade ? TickKind.TRADE : TickKind.PRICE), "the kind", frame);
    require(EventTime.isPlausible(tick.eventTime(), NOW), "a plausible time", frame);
    if (tick.conditions() != null) {
      require(tick.conditions().size() <= 64, "a bounded number of conditions", frame);
      for (String code : tick.conditions()) {
        require(code != null && code.length() <= 32 && isUtf8(code), "sound conditions", frame);
      }
    }
  }

  private static void checkDecimal(String text, String frame) {
    require(text != null && PLAIN.matcher(text).matches(), "plain decimal text", frame);
    BigDecimal value = new BigDecimal(text);
    if (value.signum() == 0) {
      require(value.scale() <= MAX_EXPONENT, "a bounded zero", frame);
      return;
    }
    require(value.stripTrailingZeros().precision() <= MAX_DIGITS, "bounded digits", frame);
    require(
        Math.abs(value.precision() - value.scale() - 1) <= MAX_EXPONENT,
        "a bounded exponent",
        frame);
  }

  private static boolean isBounded(String text, int longest) {
    return text != null && !text.isEmpty() && text.length() <= longest;
  }

  private static boolean isUtf8(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  static void require(boolean holds, String what, String frame) {
    if (!holds) {
      String shown = frame.length() <= SHOWN ? frame : frame.substring(0, SHOWN) + "…";
      throw new AssertionError("Expected " + what + ", of the frame " + shown);
    }
  }
}
