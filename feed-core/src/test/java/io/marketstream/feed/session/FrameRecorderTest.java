package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.Credential;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RejectedInput;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrameRecorderTest {

  private final TickNumbering numbering = new TickNumbering(0);
  private final FeedMetrics metrics = new FeedMetrics(System::nanoTime);
  private final FrameRecorder recorder =
      new FrameRecorder("feed", numbering, metrics, new Credential("feed.token", "s3cret")::redact);

  @BeforeEach
  void connect() {
    numbering.openSession(1_000);
  }

  private static FeedEvent.Tick tick(String symbol) {
    return new FeedEvent.Tick(TickKind.TRADE, symbol, "1.5", "2", List.of("1"), 900);
  }

  @Test
  void ticksAreNumberedPerSymbolAndARejectTakesNoNumber() {
    List<BufferEntry> entries =
        recorder.record(
            List.of(
                tick("A"),
                new FeedEvent.Rejected(RejectReason.MISSING_FIELD, "why", "{}"),
                tick("A"),
                tick("B"),
                new FeedEvent.Heartbeat(),
                new FeedEvent.Ignored("news")),
            1_500);
    assertThat(entries)
        .containsExactly(
            new BufferEntry.Tick(
                new MarketTick(
                    "feed", TickKind.TRADE, "A", "1.5", "2", List.of("1"), 900, 1_500, 1_000, 0)),
            new BufferEntry.Reject(
                new RejectedInput("feed", RejectReason.MISSING_FIELD, "why", "{}", 1_500, 1_000L)),
            new BufferEntry.Tick(
                new MarketTick(
                    "feed", TickKind.TRADE, "A", "1.5", "2", List.of("1"), 900, 1_500, 1_000, 1)),
            new BufferEntry.Tick(
                new MarketTick(
                    "feed", TickKind.TRADE, "B", "1.5", "2", List.of("1"), 900, 1_500, 1_000, 0)));
    assertThat(count("ticks-total")).isEqualTo(3);
    assertThat(count("rejects-total")).isEqualTo(1);
    assertThat(count("ignored-frames-total")).isEqualTo(1);
  }

  @Test
  void aRefusalIsKeptAsARejectedInput() {
    assertThat(
            recorder.record(List.of(new FeedEvent.Refused("A", "Invalid symbol A", "{…}")), 1_500))
        .containsExactly(
            new BufferEntry.Reject(
                new RejectedInput(
                    "feed", RejectReason.FEED_ERROR, "Invalid symbol A", "{…}", 1_500, 1_000L)));
    assertThat(count("subscriptions-refused-total")).isEqualTo(1);
    assertThat(count("rejects-total")).isEqualTo(1);
  }

  @Test
  void aComplaintIsKeptAsARejectedInputAndIsNoRefusal() {
    assertThat(recorder.record(List.of(new FeedEvent.FeedError("no", "{…}")), 1_500))
        .containsExactly(
            new BufferEntry.Reject(
                new RejectedInput("feed", RejectReason.FEED_ERROR, "no", "{…}", 1_500, 1_000L)));
    assertThat(count("subscriptions-refused-total")).isZero();
  }

  @Test
  void credentialInAFrameIsMaskedInTheRecord() {
    List<BufferEntry> entries =
        recorder.record(
            List.of(
                new FeedEvent.Refused(null, "bad token s3cret", "{\"msg\":\"bad token s3cret\"}"),
                new FeedEvent.Rejected(RejectReason.INVALID_JSON, "at s3cret", "token=s3cret")),
            1_500);
    assertThat(entries).hasSize(2);
    assertThat(entries.toString()).doesNotContain("s3cret").contains("bad token ***");
  }

  @Test
  void theTextOfARefusalIsBounded() {
    FeedEvent refused = new FeedEvent.Refused(null, "x".repeat(500_000), "{…}");
    BufferEntry.Reject kept = (BufferEntry.Reject) recorder.record(List.of(refused), 1_500).get(0);
    assertThat(kept.rejected().detail()).isEqualTo("x".repeat(1_024));
  }

  @Test
  void tooManySymbolsAreRejectedAndKnownOnesContinue() {
    for (int i = 0; i < TickNumbering.MAX_SYMBOLS; i++) {
      recorder.record(List.of(tick("S" + i)), 1_500);
    }
    List<BufferEntry> entries = recorder.record(List.of(tick("S7"), tick("one too many")), 1_500);
    assertThat(entries.get(0)).isInstanceOf(BufferEntry.Tick.class);
    assertThat(entries.get(1))
        .isInstanceOfSatisfying(
            BufferEntry.Reject.class,
            reject -> {
              assertThat(reject.rejected().reason()).isEqualTo(RejectReason.TOO_MANY_SYMBOLS);
              assertThat(reject.rejected().input()).isEqualTo("one too many 1.5");
            });
    assertThat(count("ticks-total")).isEqualTo(TickNumbering.MAX_SYMBOLS + 1);
  }

  private long count(String name) {
    return metrics.all(() -> 0, () -> 0, 0, () -> 0, 0).stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value()
        .getAsLong();
  }
}
