package io.marketstream.finnhub;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's clock, which a test can move by any duration. */
final class SteppingClock extends Clock {

  private final AtomicLong offsetMs = new AtomicLong();

  void step(Duration by) {
    offsetMs.addAndGet(by.toMillis());
  }

  @Override
  public Instant instant() {
    return Instant.now().plusMillis(offsetMs.get());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this; // no test asks for a date
  }
}
