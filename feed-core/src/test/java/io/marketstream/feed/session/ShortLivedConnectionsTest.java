package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.GapCause;
import java.time.Duration;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShortLivedConnectionsTest {

  private final ShortLivedConnections connections =
      new ShortLivedConnections(Duration.ofSeconds(30));

  /** Returns the count after each connection that the feed dropped after so many seconds. */
  private int[] dropped(double... seconds) {
    return DoubleStream.of(seconds)
        .mapToObj(s -> Duration.ofMillis((long) (s * 1_000)))
        .mapToInt(lived -> connections.count(GapCause.CONNECTION_LOST, lived))
        .toArray();
  }

  @Test
  void connectionsShorterThanTenSecondsAreCounted() {
    assertThat(dropped(0, 9.999, 1, 1)).containsExactly(1, 2, 3, 4);
  }

  @Test
  void aStableConnectionResetsTheCount() {
    assertThat(dropped(1, 1, 30, 1, 1)).containsExactly(1, 2, 0, 1, 2);
  }

  @Test
  void aMediumConnectionNeitherCountsNorResets() {
    assertThat(dropped(1, 1, 10, 29.9, 1)).containsExactly(1, 2, 0, 0, 3);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"CONNECTION_LOST", "SERVER_CLOSED"},
      mode = EnumSource.Mode.EXCLUDE)
  void connectionsThatWeClosedDoNotCount(GapCause cause) {
    dropped(1, 1);
    assertThat(connections.count(cause, Duration.ZERO)).isZero();
    assertThat(dropped(1)).containsExactly(3);
  }

  @Test
  void aCloseFrameCountsLikeALostConnection() {
    dropped(1, 1);
    assertThat(connections.count(GapCause.SERVER_CLOSED, Duration.ofSeconds(1))).isEqualTo(3);
  }

  @Test
  void shortLivesCountEvenIfAllAreStable() {
    ShortLivedConnections hasty = new ShortLivedConnections(Duration.ZERO);
    assertThat(hasty.count(GapCause.CONNECTION_LOST, Duration.ofSeconds(1))).isEqualTo(1);
    assertThat(hasty.count(GapCause.CONNECTION_LOST, Duration.ofSeconds(1))).isEqualTo(2);
  }
}
