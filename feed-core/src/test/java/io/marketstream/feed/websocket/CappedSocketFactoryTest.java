package io.marketstream.feed.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CappedSocketFactoryTest {

  private final CappedSocketFactory factory = new CappedSocketFactory(100, null);
  private ServerSocket server;
  private Socket client;
  private Socket accepted;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    client = factory.createSocket();
    client.connect(server.getLocalSocketAddress());
    accepted = server.accept();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    accepted.close();
    server.close();
  }

  private void serve(int bytes) throws IOException {
    accepted.getOutputStream().write(new byte[bytes]);
    accepted.getOutputStream().flush();
  }

  @Test
  void aMessageUpToTheLimitPasses() throws IOException {
    serve(100);
    assertThat(client.getInputStream().readNBytes(100)).hasSize(100);
  }

  @Test
  void oneByteMoreCutsTheConnection() throws IOException {
    serve(101);
    InputStream in = client.getInputStream();
    assertThatIOException()
        .isThrownBy(() -> in.readNBytes(101))
        .withMessage("a message exceeds 100 bytes");
  }

  @Test
  void theLimitAppliesToEachMessage() throws IOException {
    InputStream in = client.getInputStream();
    for (int i = 0; i < 5; i++) {
      serve(90);
      assertThat(in.readNBytes(90)).hasSize(90);
      factory.messageComplete();
    }
  }

  @Test
  void singleBytesCountToo() throws IOException {
    serve(101);
    InputStream in = client.getInputStream();
    for (int i = 0; i < 100; i++) {
      assertThat(in.read()).isZero();
    }
    assertThatIOException().isThrownBy(in::read);
  }

  @Test
  void connectedSocketsAreNotSupported() {
    assertThatIOException().isThrownBy(() -> factory.createSocket("127.0.0.1", 1));
  }
}
