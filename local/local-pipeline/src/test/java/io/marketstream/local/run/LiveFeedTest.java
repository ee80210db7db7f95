package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.Test;

class LiveFeedTest {

  @Test
  void aFeedThatListensIsReachable() throws Exception {
    try (ServerSocket feed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("ws://127.0.0.1:" + feed.getLocalPort());
      assertThatCode(() -> LiveFeed.requireReachable(url)).doesNotThrowAnyException();
    }
  }

  @Test
  void noWayToTheFeedIsOneLineThatSaysWhatToDo() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertThatThrownBy(() -> LiveFeed.requireReachable(URI.create("ws://127.0.0.1:" + port)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("cannot be reached from here")
        .hasMessageContaining("Without --live the feeds are simulated")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> LiveFeed.requireReachable(URI.create("wss://no-such-host.invalid")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("no-such-host.invalid");
  }
}
