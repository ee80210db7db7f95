package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.buffer.OverflowPolicy;
import io.marketstream.feed.record.RejectedInput;
import io.marketstream.model.GapCause;
import io.marketstream.model.RejectReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Uses a simulated clock and schedule, so that no test waits for real seconds. */
class ConnectAttemptsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SETTLING = Duration.ofSeconds(25);

  private final FeedBuffer buffer = new FeedBuffer(4, OverflowPolicy.BLOCK, Duration.ZERO);
  private final List<Duration> connected = new ArrayList<>();
  private final List<Due> due = new ArrayList<>();
  private Duration now = Duration.ZERO;
  private final ConnectAttempts attempts = attempts(buffer);

  private ConnectAttempts attempts(FeedBuffer of) {
    return attempts(of, Duration.ofSeconds(38), SETTLING);
  }

  private ConnectAttempts attempts(FeedBuffer of, Duration standstill, Duration settling) {
    return new ConnectAttempts(
        "c",
        new Backoff(Duration.ofMillis(500), MINUTE, Duration.ofSeconds(30), new Random(1)),
        standstill,
        settling,
        of,
        (task, delay) -> due.add(new Due(now.plus(delay), task)),
        () -> now.toNanos(),
        () -> connected.add(now));
  }

  private record Due(Duration at, Runnable task) {}

  /** Advances the time, and runs each task when it is due. */
  private void runUntil(Duration end) {
    while (true) {
      Due next = due.stream().min(Comparator.comparing(Due::at)).orElseThrow();
      if (next.at().compareTo(end) > 0) {
        now = end;
        return;
      }
      due.remove(next);
      now = next.at().compareTo(now) > 0 ? next.at() : now;
      next.task().run();
    }
  }

  /** Pauses the process. Tasks that were due during the pause run at its end. */
  private void standStill(Duration length) {
    now = now.plus(length);
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void theFirstAttemptComesAtOnceAndOnlyOnce() {
    attempts.start();
    runUntil(seconds(300));
    assertThat(connected).containsExactly(Duration.ZERO);
  }

  @Test
  void nextAttemptWaitsForBackoffOrServer() {
    attempts.start();
    runUntil(seconds(100));
    attempts.scheduleNext(GapCause.CONNECTION_LOST, Duration.ZERO);
    runUntil(seconds(110));
    assertThat(connected).hasSize(2);
    assertThat(connected.get(1)).isBetween(seconds(100), Duration.ofMillis(100_500));

    attempts.scheduleNext(GapCause.RATE_LIMITED, seconds(70));
    runUntil(seconds(300));
    assertThat(connected).hasSize(3).endsWith(seconds(180));
  }

  @Test
  void aRefusedCredentialIsNotTriedAgain() {
    attempts.start();
    runUntil(seconds(1));
    attempts.scheduleNext(GapCause.UNAUTHORIZED, Duration.ZERO);
    runUntil(seconds(300));
    assertThat(connected).hasSize(1);
  }

  private void fill(FeedBuffer full) {
    BufferEntry reject =
        new BufferEntry.Reject(
            new RejectedInput("feed", RejectReason.INVALID_JSON, "why", "{", 1_500, 1_000L));
    full.put(List.of(reject, reject, reject));
  }

  @Test
  void dropOldestConnectsWithAFullBuffer() {
    FeedBuffer dropping = new FeedBuffer(4, OverflowPolicy.DROP_OLDEST, Duration.ZERO);
    fill(dropping);
    ConnectAttempts others = attempts(dropping);
    others.start();
    runUntil(seconds(1));
    others.scheduleNext(GapCause.CONNECTION_LOST, Duration.ZERO);
    runUntil(seconds(300));
    assertThat(connected).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"BACKPRESSURE", "CONNECTION_LOST", "SERVER_CLOSED", "STALLED"})
  void everyCauseWaitsForAHalfEmptyBuffer(GapCause cause) throws InterruptedException {
    attempts.start();
    runUntil(seconds(1));
    fill(buffer);
    attempts.scheduleNext(cause, Duration.ZERO);
    runUntil(seconds(300));
    assertThat(connected).hasSize(1);
    buffer.drain(10, Duration.ZERO);
    runUntil(seconds(301));
    assertThat(connected).hasSize(2);
  }

  @Test
  void noAttemptRightAfterALongPause() {
    attempts.start();
    runUntil(seconds(100));
    standStill(seconds(90));
    attempts.scheduleNext(
        GapCause.CONNECTION_LOST, Duration.ZERO); // the socket is found dead on waking
    runUntil(seconds(300));
    assertThat(connected).hasSize(2);
    assertThat(connected.get(1))
        .isBetween(seconds(190).plus(SETTLING), seconds(191).plus(SETTLING));
  }

  @Test
  void attemptDueDuringThePauseWaitsToo() {
    attempts.start();
    runUntil(seconds(10));
    attempts.scheduleNext(GapCause.RATE_LIMITED, seconds(20));
    runUntil(seconds(15));
    standStill(seconds(60));
    runUntil(seconds(300));
    assertThat(connected).hasSize(2);
    assertThat(connected.get(1)).isEqualTo(seconds(75).plus(SETTLING));
  }

  @Test
  void shortPauseDelaysNoAttempt() {
    attempts.start();
    runUntil(seconds(100));
    standStill(seconds(30));
    attempts.scheduleNext(GapCause.CONNECTION_LOST, Duration.ZERO);
    runUntil(seconds(200));
    assertThat(connected).hasSize(2);
    assertThat(connected.get(1)).isBetween(seconds(130), seconds(131));
  }

  @Test
  void pauseSettingsAreConfigurable() {
    ConnectAttempts quick = attempts(buffer, seconds(6), seconds(5));
    quick.start();
    runUntil(seconds(100));
    standStill(seconds(15));
    quick.scheduleNext(GapCause.CONNECTION_LOST, Duration.ZERO);
    runUntil(seconds(200));
    assertThat(connected).hasSize(2);
    assertThat(connected.get(1)).isBetween(seconds(120), seconds(121));
  }
}
