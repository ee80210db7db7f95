package io.marketstream.pipeline.connect;

import static io.marketstream.pipeline.connect.TestConnector.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.embedded.component.ConnectRelease;
import io.marketstream.embedded.component.ConnectRestException;
import io.marketstream.pipeline.GapRow;
import io.marketstream.pipeline.TestStack;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.market.SimTrade;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Offsets that an operator alters or resets over REST, which needs Connect 3.6 or newer. */
@Tag("connect")
@Tag("containers")
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(SharedCluster.class)
class OffsetsIT {

  private final TestStack stack;
  private final FinnhubSimulator feed = FinnhubSimulator.builder().start();
  private TestConnector connector;

  OffsetsIT(TestStack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void stoppedConnectorWithAnOffset() throws Exception {
    assumeThat(TestStack.CONNECT_RELEASE)
        .as("Connect 3.5 cannot alter offsets")
        .isNotEqualTo(ConnectRelease.CONNECT_3_5);
    connector = TestConnector.finnhub(stack, feed, "AAPL").put();
    feed.awaitSubscribed(List.of("AAPL"), TIMEOUT);
    send();
    connector.awaitTicks(1);
    connector.awaitStored("AAPL", connector.newestSession());
    connector.stop();
  }

  @AfterEach
  void deleteConnector() {
    if (connector != null) {
      connector.close();
    }
    feed.close();
  }

  private void send() {
    await()
        .atMost(TIMEOUT)
        .until(() -> feed.send(List.of(SimTrade.of("AAPL", "1.5", "2", 1_700_000_000_000L))) == 1);
  }

  private void alter(String offset) {
    connector.alterOffsets(
        "{\"offsets\":[{\"partition\":{\"source\":\"finnhub-sim\",\"symbol\":\"AAPL\"},\"offset\":"
            + offset
            + "}]}");
  }

  private void resume() throws Exception {
    connector.resume();
    feed.awaitSubscribed(List.of("AAPL"), TIMEOUT);
    send();
  }

  @Test
  void anAlteredOffsetIsWhereTheNextGapBegins() throws Exception {
    alter(
        "{\"session\":1700000000000,\"sequence\":41,\"received_at\":1700000005000,\"safe_until\":1700000004000}");
    resume();

    GapRow gap = connector.awaitClosed("TASK_RESTART", 1).get(0);
    assertThat(gap.sessionBefore()).isEqualTo(1_700_000_000_000L);
    assertThat(gap.firstMissing()).isEqualTo(42);
    assertThat(gap.start().toEpochMilli()).isEqualTo(1_700_000_004_000L);
  }

  @Test
  void anUnreadableOffsetIsRefusedWithAReason() {
    assertThatThrownBy(() -> alter("{\"session\":\"yesterday\"}"))
        .isInstanceOf(ConnectRestException.class)
        .hasMessageContaining("AAPL")
        .hasMessageContaining("session");
  }

  @Test
  void withoutItsOffsetsAConnectorStartsForTheFirstTime() throws Exception {
    connector.resetOffsets();
    assertThat(connector.offsets()).isEmpty();
    resume();

    connector.awaitTicks(2);
    assertThat(connector.gaps()).isEmpty();
  }
}
