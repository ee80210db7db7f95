package io.marketstream.feed.session;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/**
 * Sockets that are cut when a single message grows beyond a limit. OkHttp reads a message whole,
 * however long: the only place to stop it is the socket below. The bytes counted are those on the
 * wire, so with TLS a little more than the message.
 *
 * <p>Through a proxy the tunnel is part of connecting: whoever uses the socket sees the feed.
 *
 * <p>One factory serves one connection at a time.
 */
final class CappedSocketFactory extends SocketFactory {

  private final long maxBytes;
  private final HttpProxy proxy;
  private final AtomicLong sinceLastMessage = new AtomicLong();

  /**
   * @param proxy null for none
   */
  CappedSocketFactory(long maxBytes, HttpProxy proxy) {
    this.maxBytes = maxBytes;
    this.proxy = proxy;
  }

  /**
   * A message was complete, or a connection is about to begin: the count starts over. Any thread.
   */
  void messageComplete() {
    sinceLastMessage.set(0);
  }

  @Override
  public Socket createSocket() {
    return new CappedSocket();
  }

  // OkHttp makes unconnected sockets only.
  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new IOException("unconnected sockets only");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw new IOException("unconnected sockets only");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw new IOException("unconnected sockets only");
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    throw new IOException("unconnected sockets only");
  }

  private final class CappedSocket extends Socket {

    @Override
    public void connect(SocketAddress feed, int timeoutMs) throws IOException {
      if (proxy == null) {
        super.connect(feed, timeoutMs);
        return;
      }
      try {
        super.connect(new InetSocketAddress(proxy.host(), proxy.port()), timeoutMs);
      } catch (IOException e) {
        throw new ProxyException(
            "the proxy "
                + proxy
                + " cannot be reached ("
                + HandshakeFailure.describe(e)
                + "): check proxy.url",
            e);
      }
      ProxyTunnel.open(proxy, this, (InetSocketAddress) feed);
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          int read = super.read();
          if (read >= 0) {
            count(1);
          }
          return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          int read = super.read(bytes, offset, length);
          if (read > 0) {
            count(read);
          }
          return read;
        }
      };
    }

    private void count(int read) throws IOException {
      if (sinceLastMessage.addAndGet(read) > maxBytes) {
        throw new IOException("a message exceeds " + maxBytes + " bytes");
      }
    }
  }
}
