package io.marketstream.simulator.market;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * The trading sessions of a US stock exchange. The session depends only on the time, so a series of
 * trades can be repeated.
 */
public final class MarketHours {

  /** A part of the day. */
  public enum Session {
    /** No stock trades. */
    CLOSED,
    PRE_MARKET,
    REGULAR,
    AFTER_HOURS;

    /** Whether trades have the condition codes of extended hours. */
    public boolean isExtended() {
      return this == PRE_MARKET || this == AFTER_HOURS;
    }

    /** How often a stock trades, compared with the regular session. */
    public double activity() {
      return switch (this) {
        case CLOSED -> 0;
        case PRE_MARKET, AFTER_HOURS -> 0.05;
        case REGULAR -> 1;
      };
    }
  }

  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final LocalTime PRE_MARKET_OPENS = LocalTime.of(4, 0);
  private static final LocalTime OPENING = LocalTime.of(9, 30);
  private static final LocalTime CLOSING = LocalTime.of(16, 0);
  private static final LocalTime AFTER_HOURS_END = LocalTime.of(20, 0);

  /** The shares of a short day at which the market opens and closes. */
  private static final double SHORT_OPENING = 0.25;

  private static final double SHORT_CLOSING = 0.85;

  /** The length of a short day in milliseconds; 0 for the hours of New York. */
  private final long shortDayMs;

  private MarketHours(long shortDayMs) {
    this.shortDayMs = shortDayMs;
  }

  /**
   * The hours of New York: pre-market from 04:00, regular from 09:30, after hours from 16:00 to
   * 20:00, closed at other times and on weekends. Holidays are ordinary days.
   */
  public static MarketHours newYork() {
    return new MarketHours(0);
  }

  /**
   * Days of this length, counted from 1970: a quarter is pre-market, six tenths are regular, the
   * rest is after hours. The market is never closed.
   */
  public static MarketHours everyDayLasting(Duration length) {
    if (length.toMillis() < 1) {
      throw new IllegalArgumentException("A market day must last at least 1 ms, not " + length);
    }
    return new MarketHours(length.toMillis());
  }

  /** The session at that time, Unix milliseconds. */
  public Session at(long epochMs) {
    return shortDayMs > 0 ? shortDay(epochMs) : newYork(epochMs);
  }

  private Session shortDay(long epochMs) {
    double passed = Math.floorMod(epochMs, shortDayMs) / (double) shortDayMs;
    if (passed < SHORT_OPENING) {
      return Session.PRE_MARKET;
    }
    return passed < SHORT_CLOSING ? Session.REGULAR : Session.AFTER_HOURS;
  }

  private static Session newYork(long epochMs) {
    ZonedDateTime there = Instant.ofEpochMilli(epochMs).atZone(NEW_YORK);
    LocalTime time = there.toLocalTime();
    boolean weekend =
        there.getDayOfWeek() == DayOfWeek.SATURDAY || there.getDayOfWeek() == DayOfWeek.SUNDAY;
    if (weekend || time.isBefore(PRE_MARKET_OPENS) || !time.isBefore(AFTER_HOURS_END)) {
      return Session.CLOSED;
    }
    if (time.isBefore(OPENING)) {
      return Session.PRE_MARKET;
    }
    return time.isBefore(CLOSING) ? Session.REGULAR : Session.AFTER_HOURS;
  }
}
