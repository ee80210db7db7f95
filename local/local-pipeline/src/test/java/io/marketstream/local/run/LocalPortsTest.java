package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.embedded.component.FreePorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class LocalPortsTest {
  @Test
  void aTakenPortIsNamedWithWhatNeedsIt() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> kafkaOn(taken).requireFree(false, new ShutdownSignal()))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("Port " + taken.getLocalPort() + ", which Kafka needs, is taken");
    }
  }

  @Test
  void afterAKilledRunItWaitsForEndingComponents() throws Exception {
    ServerSocket ending = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    LocalPorts ports = kafkaOn(ending);
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

    assertThatCode(() -> ports.requireFree(true, new ShutdownSignal())).doesNotThrowAnyException();
    end.join();
  }

  private static LocalPorts kafkaOn(ServerSocket socket) {
    return new LocalPorts(socket.getLocalPort(), FreePorts.next(), FreePorts.next());
  }
}
