package io.marketstream.toy;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.harness.RunningTask;
import io.marketstream.feed.harness.ScriptedFeed;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

/**
 * A third feed from docs/adding-a-feed.md, in a package that can use only what feed-core offers to
 * every connector.
 */
class ToyFeedTest {

  private final List<String> received = new CopyOnWriteArrayList<>();

  private void serve(ScriptedFeed.Peer peer) throws java.io.IOException, InterruptedException {
    peer.upgrade();
    received.add(peer.read());
    received.add(peer.read());
    if (peer.number == 1) {
      peer.text("EURUSD 1.08420 1000");
      peer.text("EURUSD 1.08420 1000");
      peer.text("nonsense");
      return; // the connection breaks
    }
    peer.text("GBPUSD 1.2701 5");
    peer.text("EURUSD 1.08430 2000");
    peer.awaitEnd();
  }

  @Test
  void newFeedNeedsOnlyProtocolDecoderAndConfig() throws Exception {
    try (ScriptedFeed feed = new ScriptedFeed(this::serve)) {
      Map<String, String> properties =
          Map.of(
              "name", "toy",
              "toy.key", "s3cret",
              "toy.symbols", "EURUSD,GBPUSD",
              "toy.websocket.url", feed.url(),
              "reconnect.backoff.ms", "1");
      RunningTask task =
          new RunningTask(new ToySourceTask(), properties, new RunningTask.Offsets());
      task.await(
          "four ticks and four gap records", t -> t.ticks().size() == 4 && t.gaps().size() == 4);
      task.stop();

      assertThat(received).startsWith("SUB EURUSD", "SUB GBPUSD");
      assertThat(task.ticks())
          .extracting(
              tick ->
                  tick.getString("symbol")
                      + " "
                      + tick.getString("price")
                      + " "
                      + tick.getInt64("sequence"))
          .containsExactly(
              "EURUSD 1.08420 0", "EURUSD 1.08420 1", "GBPUSD 1.2701 0", "EURUSD 1.08430 0");
      assertThat(task.rejects())
          .extracting(reject -> reject.getString("input"))
          .containsExactly("nonsense");
      assertThat(task.gaps())
          .extracting(ToyFeedTest::gap)
          .containsExactly(
              "EURUSD from 2 open",
              "GBPUSD from 0 open",
              "GBPUSD from 0 closed",
              "EURUSD from 2 closed");
    }
  }

  private static String gap(Struct gap) {
    String state = gap.get("gap_end") == null ? "open" : "closed";
    return gap.getString("symbol") + " from " + gap.getInt64("first_missing") + " " + state;
  }

  @Test
  void itsConfigurationIsValidatedLikeThatOfTheOthers() {
    assertThat(
            new ToySourceConnector()
                .validate(Map.of("toy.symbol", "EURUSD")).configValues().stream()
                    .filter(value -> !value.errorMessages().isEmpty())
                    .map(ConfigValue::name))
        .containsExactlyInAnyOrder("toy.key", "toy.symbols", "toy.symbol");
  }
}
