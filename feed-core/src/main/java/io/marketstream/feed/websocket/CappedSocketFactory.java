package io.marketstream.feed.websocket;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets that fail when a single message exceeds a size limit. OkHttp reads a whole message
 * into memory, however long it is, so only the socket can stop it. The limit applies to the bytes
 * on the wire, which with TLS are slightly more than the message.
 *
 * <p>If there is a proxy, connecting a socket also opens the tunnel to the feed.
 *
 * <p>A factory serves one connection at a time.
 */
final class CappedSocketFactory extends SocketFactory {

  private final long maxBytes;
  private final @Nullable HttpProxy proxy;
  private final AtomicLong sinceLastMessage = new AtomicLong();

  /**
   * @param proxy null for a direct connection
   */
  CappedSocketFactory(long maxBytes, @Nullable HttpProxy proxy) {
    this.maxBytes = maxBytes;
    this.proxy = proxy;
  }

  /** Starts to count a new message or a new connection. Any thread. */
  void messageComplete() {
    sinceLastMessage.set(0);
  }

  @Override
  public Socket createSocket() {
    return new CappedSocket();
  }

  // OkHttp creates only unconnected sockets.
  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new IOException("only unconnected sockets are supported");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw new IOException("only unconnected sockets are supported");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw new IOException("only unconnected sockets are supported");
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    throw new IOException("only unconnected sockets are supported");
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
                + "): check "
                + NetworkConfig.PROXY_URL,
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
