package io.marketstream.api.stream;

import io.marketstream.api.market.Instrument;
import io.marketstream.api.market.Tick;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of an event of the stream, written as {@code source:symbol:session:sequence}. It is the
 * identity of a tick for ever.
 */
public record EventId(Instrument instrument, long session, long sequence) {
  /** A symbol may contain colons, as in BINANCE:BTCUSDT. */
  private static final Pattern FORM =
      Pattern.compile("([a-z][a-z0-9-]{0,31}):(.{1,128}):(\\d{1,18}):(\\d{1,18})");

  /** The id of a tick. */
  public static EventId of(Tick tick) {
    return new EventId(tick.instrument(), tick.id().session(), tick.id().sequence());
  }

  /** Reads an id; empty if the text has another form. */
  public static Optional<EventId> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new EventId(
                new Instrument(matcher.group(1), matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                Long.parseLong(matcher.group(4))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return instrument + ":" + session + ":" + sequence;
  }
}
