package io.marketstream.feed.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A self-signed certificate from the JDK's keytool. No JVM trusts it by default. */
public final class TestCertificate {

  /** The password of {@link #keystore()}. */
  public static final String PASSWORD = "changeit";

  private final Path file;
  private final KeyStore keys;

  /**
   * @param directory for its file
   * @param host the only name or IPv4 address for which it is valid
   */
  public TestCertificate(Path directory, String host)
      throws IOException, InterruptedException, GeneralSecurityException {
    file = directory.resolve(host + ".p12");
    List<String> keytool =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "feed",
            "-keyalg",
            "EC",
            "-dname",
            "CN=feed",
            "-ext",
            (host.matches("[0-9.]+") ? "san=ip:" : "san=dns:") + host,
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            file.toString());
    Process process = new ProcessBuilder(keytool).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
    keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
  }

  /** Returns the key and the certificate as PKCS12. */
  public Path keystore() {
    return file;
  }

  /** Opens a server socket on the loopback address that uses TLS with this certificate. */
  public ServerSocket serverSocket() throws IOException, GeneralSecurityException {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    return tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /** Writes a truststore of a KeyStore type with only this certificate. */
  public Path truststore(Path file, String type, String password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    store.setCertificateEntry("feed", certificate());
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password.toCharArray());
    }
    return file;
  }

  public String pem() throws GeneralSecurityException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate().getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  private Certificate certificate() throws GeneralSecurityException {
    return keys.getCertificate("feed");
  }
}
