package io.marketstream.feed.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy that supports CONNECT. It connects every requested address to one port of this
 * machine, so the requested name need not exist.
 */
public final class ConnectProxy implements AutoCloseable {

  /** How it answers a CONNECT, while the socket is open. */
  public interface Answer {

    /**
     * Answers a request.
     *
     * @param head the request's lines
     * @return whether to open the tunnel
     */
    boolean to(String head, OutputStream client) throws IOException, InterruptedException;
  }

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final int feedPort;
  private volatile Answer answer;

  public ConnectProxy(int feedPort, Answer answer) throws IOException {
    this.feedPort = feedPort;
    this.answer = answer;
    start(this::accept);
  }

  public static boolean opens(String head, OutputStream client) throws IOException {
    write(client, "HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n");
    return true;
  }

  /** Refuses with these lines. */
  public static Answer says(String... lines) {
    return (head, client) -> {
      write(client, String.join("\r\n", lines) + "\r\n\r\n");
      return false;
    };
  }

  public static boolean hangs(String head, OutputStream client) throws InterruptedException {
    Thread.sleep(60_000);
    return false;
  }

  /**
   * Opens the tunnel if the request has this header. Otherwise it requires Basic authentication.
   */
  public static Answer opensWith(String authorization) {
    Answer asks =
        says(
            "HTTP/1.1 407 Proxy Authentication Required",
            "Proxy-Authenticate: Negotiate",
            "Proxy-Authenticate: Basic realm=\"test\"",
            "Content-Length: 0");
    return (head, client) ->
        head.contains("\r\nProxy-Authorization: " + authorization + "\r\n")
            ? opens(head, client)
            : asks.to(head, client);
  }

  public String url() {
    return "http://" + address();
  }

  public String address() {
    return "127.0.0.1:" + port();
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Returns the heads of all requests so far. */
  public List<String> requests() {
    return requests;
  }

  public void nowAnswer(Answer another) {
    answer = another;
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
    try (client) {
      String head = head(client.getInputStream());
      requests.add(head);
      if (answer.to(head, client.getOutputStream())) {
        try (Socket feed = new Socket(InetAddress.getLoopbackAddress(), feedPort)) {
          sockets.add(feed);
          start(() -> copy(feed, client));
          copy(client, feed);
        }
      }
    } catch (IOException gone) {
      // The test checks the client, so errors here are ignored.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      if (read < 0) {
        throw new IOException("the client is gone");
      }
      head.append((char) read);
    }
    return head.toString();
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException gone) {
      // One end closed its socket, so both are closed now.
    }
  }

  private static void write(OutputStream out, String ascii) throws IOException {
    out.write(ascii.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "connect-proxy");
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
