package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PortsTest {
  @Test
  void aTakenPortIsNamedWithWhatNeedsIt() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(
              () ->
                  Ports.requireFree(
                      Map.of("Kafka", taken.getLocalPort()), false, new StopRequest()))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("Port " + taken.getLocalPort() + ", which Kafka needs, is taken");
    }
  }

  @Test
  void afterAKilledRunItWaitsForWhatIsStillEnding() throws Exception {
    ServerSocket ending = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    Thread end =
        new Thread(
            () -> {
              try (ending) {
                Thread.sleep(600);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    end.start();

    assertThatCode(
            () ->
                Ports.requireFree(Map.of("Kafka", ending.getLocalPort()), true, new StopRequest()))
        .doesNotThrowAnyException();
    end.join();
  }
}
