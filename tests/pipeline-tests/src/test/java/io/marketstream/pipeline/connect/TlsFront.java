package io.marketstream.pipeline.connect;

import io.marketstream.feed.harness.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a public feed has in front of it: takes connections in TLS and leads them, decrypted, to one
 * port of this machine.
 */
final class TlsFront implements AutoCloseable {

  private final ServerSocket server;
  private final int behind;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /**
   * @param behind the port that speaks no TLS
   */
  TlsFront(TestCertificate certificate, int behind) throws IOException, GeneralSecurityException {
    this.server = certificate.serverSocket();
    this.behind = behind;
    start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = server.accept();
        sockets.add(client);
        start(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), behind)) {
      sockets.add(plain);
      start(() -> copy(plain, client));
      copy(client, plain);
    } catch (IOException gone) {
      // The client's side of the story is what the test looks at.
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException gone) {
      // One end closed, or no handshake came about: both are closed now.
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "tls-front");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
