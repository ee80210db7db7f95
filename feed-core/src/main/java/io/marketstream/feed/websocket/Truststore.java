package io.marketstream.feed.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * A file with the authorities to trust instead of those of the JVM. {@link NetworkConfig} has its
 * keys.
 *
 * @param location a path on the worker that runs the task
 * @param type {@value #JKS}, {@value #PKCS12} or {@value #PEM}
 * @param password null if the file needs none
 */
public record Truststore(String location, String type, @Nullable Password password) {

  public static final String JKS = "JKS";
  public static final String PKCS12 = "PKCS12";
  public static final String PEM = "PEM";

  /**
   * Reads the file.
   *
   * @throws ConnectException if that is not possible; it names the key to change, and the path
   */
  X509TrustManager read() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(type.equals(PEM) ? fromPem() : fromKeyStore());
      X509TrustManager manager = x509(factory);
      if (manager.getAcceptedIssuers().length == 0) {
        // Java would reject every server, with a message about an empty set of trust anchors.
        throw new ConnectException(
            NetworkConfig.TRUSTSTORE_LOCATION
                + ": "
                + location
                + " holds no trusted certificate. A PKCS12 file shows them only with the right "
                + NetworkConfig.TRUSTSTORE_PASSWORD);
      }
      return manager;
    } catch (IOException e) {
      throw new ConnectException(
          e.getCause() instanceof UnrecoverableKeyException
              ? NetworkConfig.TRUSTSTORE_PASSWORD + " does not open " + location
              : unreadable(),
          e);
    } catch (GeneralSecurityException e) {
      throw new ConnectException(unreadable(), e);
    }
  }

  private String unreadable() {
    Path path = Path.of(location);
    return NetworkConfig.TRUSTSTORE_LOCATION
        + ": "
        + location
        + (Files.isRegularFile(path) && Files.isReadable(path)
            ? " is not a truststore of " + NetworkConfig.TRUSTSTORE_TYPE + "=" + type
            : " cannot be read on the worker that runs the task");
  }

  private KeyStore fromKeyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(type);
    try (InputStream in = Files.newInputStream(Path.of(location))) {
      store.load(in, password == null ? null : password.value().toCharArray());
    }
    return store;
  }

  private KeyStore fromPem() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(Path.of(location))) {
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + number++, certificate);
      }
    }
    return store;
  }

  private static X509TrustManager x509(TrustManagerFactory factory)
      throws GeneralSecurityException {
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("this JVM has no X.509 trust manager");
  }
}
