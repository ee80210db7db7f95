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
 * Stands for the TLS end point of a public feed: it decrypts connections and forwards them to one
 * port of this machine.
 */
final class TlsFront implements AutoCloseable {

  private final ServerSocket server;
  private final int behind;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /**
   * @param behind the port without TLS
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
      // The test checks the client, so errors here are ignored.
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException gone) {
      // One end closed its socket, or the handshake failed, so both are closed now.
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
