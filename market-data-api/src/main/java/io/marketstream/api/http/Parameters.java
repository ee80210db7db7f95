package io.marketstream.api.http;

import io.javalin.http.Context;
import io.marketstream.model.CandleInterval;
import io.marketstream.model.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The query parameters of one request. Every method throws {@link BadRequestException}. */
final class Parameters {
  private static final Pattern TOKEN = Pattern.compile("(-?\\d{1,19})(,-?\\d{1,19})*");
  private static final Pattern EPOCH_MS = Pattern.compile("\\d{1,15}");

  private final Context context;

  /**
   * @param known the names that the endpoint understands
   */
  Parameters(Context context, Set<String> known) {
    this.context = context;
    for (String name : context.queryParamMap().keySet()) {
      if (!known.contains(name)) {
        throw new BadRequestException(
            name,
            "is not a parameter of this endpoint. It has " + String.join(", ", sorted(known)));
      }
      if (context.queryParams(name).size() > 1) {
        throw new BadRequestException(name, "is given more than once");
      }
    }
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(context.queryParam(name)).filter(text -> !text.isBlank());
  }

  String required(String name, String example) {
    return text(name)
        .orElseThrow(() -> new BadRequestException(name, "is missing. Example: " + example));
  }

  /** A symbol, as the feed spells it. */
  String symbol(String name) {
    String symbol = required(name, "AAPL");
    if (symbol.length() > Limits.MAX_SYMBOL_LENGTH) {
      throw new BadRequestException(
          name, "has more than " + Limits.MAX_SYMBOL_LENGTH + " characters");
    }
    return symbol;
  }

  @Nullable String source() {
    String source = text("source").orElse(null);
    if (source != null && !source.matches(Limits.SOURCE_PATTERN)) {
      throw new BadRequestException("source", "is not a source name such as finnhub");
    }
    return source;
  }

  int limit(int defaultLimit, int max) {
    String text = text("limit").orElse(null);
    if (text == null) {
      return defaultLimit;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= max) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new BadRequestException("limit", "is not a whole number from 1 to " + max);
  }

  CandleInterval interval() {
    String text = text("interval").orElse("1m");
    try {
      return CandleInterval.parse(text);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException("interval", String.valueOf(e.getMessage()));
    }
  }

  /** An ISO-8601 instant, a date (its start in UTC) or epoch ms. */
  Optional<Long> time(String name) {
    return text(name).map(text -> time(name, text));
  }

  private static long time(String name, String text) {
    try {
      long millis;
      if (EPOCH_MS.matcher(text).matches()) {
        millis = Long.parseLong(text);
      } else if (text.length() == 10) {
        millis = LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
      } else {
        millis = Instant.parse(text).toEpochMilli();
      }
      if (millis >= 0 && millis <= Limits.MAX_TIME_MS) {
        return millis;
      }
    } catch (DateTimeParseException | ArithmeticException e) {
      // said below
    }
    throw new BadRequestException(
        name, "is not a time. Write 2026-11-29T14:30:00Z, 2026-11-29 or milliseconds since 1970");
  }

  /**
   * The range from {@code from} to {@code to}.
   *
   * @param now the default of {@code to}, epoch ms
   * @param defaultLength the length if {@code from} is absent
   */
  Range range(long now, Duration defaultLength, Duration max) {
    long to = time("to").orElse(now);
    long from = time("from").orElse(to - defaultLength.toMillis());
    if (from >= to) {
      throw new BadRequestException("from", "is not before 'to'");
    }
    if (to - from > max.toMillis()) {
      throw new BadRequestException(
          "from", "is more than " + max.toDays() + " days before 'to'. Ask for shorter ranges");
    }
    return new Range(from, to);
  }

  /** One of some words. */
  String choice(String name, String defaultChoice, Set<String> choices) {
    String text = text(name).orElse(defaultChoice);
    if (!choices.contains(text)) {
      throw new BadRequestException(name, "is not one of " + String.join(", ", sorted(choices)));
    }
    return text;
  }

  /**
   * The numbers in the page token, of which the first is a time within the range; empty on the
   * first page.
   */
  Optional<long[]> pageToken(int numbers, Range range) {
    return text("page_token")
        .map(
            token -> {
              try {
                String text =
                    new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
                Matcher matcher = TOKEN.matcher(text);
                if (matcher.matches()) {
                  long[] values =
                      Pattern.compile(",").splitAsStream(text).mapToLong(Long::parseLong).toArray();
                  if (values.length == numbers
                      && values[0] >= range.from()
                      && values[0] < range.to()) {
                    return values;
                  }
                }
              } catch (IllegalArgumentException e) {
                // said below
              }
              throw new BadRequestException(
                  "page_token", "is not the next_page_token of an earlier answer to this range");
            });
  }

  static String token(long... values) {
    StringBuilder text = new StringBuilder();
    for (long value : values) {
      text.append(text.isEmpty() ? "" : ",").append(value);
    }
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * A time range.
   *
   * @param from epoch ms
   * @param to epoch ms, exclusive
   */
  record Range(long from, long to) {}
}
