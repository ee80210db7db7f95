package io.marketstream.feed.session;

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

/**
 * A file with the authorities to trust, in place of the JVM's own. The keys that name it stand in
 * {@link io.marketstream.feed.config.NetworkConfig}.
 *
 * @param location a path on the worker that runs the task
 * @param type {@value #JKS}, {@value #PKCS12} or {@value #PEM}
 * @param password null where the file needs none
 */
public record Truststore(String location, String type, Password password) {

  public static final String JKS = "JKS";
  public static final String PKCS12 = "PKCS12";
  public static final String PEM = "PEM";

  /**
   * Reads the file.
   *
   * @throws ConnectException naming the key to change and the path
   */
  X509TrustManager read() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(type.equals(PEM) ? fromPem() : fromKeyStore());
      X509TrustManager manager = x509(factory);
      if (manager.getAcceptedIssuers().length == 0) {
        // Java would refuse every server, with words about an empty set of anchors.
        throw new ConnectException(
            "ssl.truststore.location: "
                + location
                + " holds no trusted certificate. A PKCS12 file shows them only with the right"
                + " ssl.truststore.password");
      }
      return manager;
    } catch (IOException e) {
      throw new ConnectException(
          e.getCause() instanceof UnrecoverableKeyException
              ? "ssl.truststore.password does not open " + location
              : unreadable(),
          e);
    } catch (GeneralSecurityException e) {
      throw new ConnectException(unreadable(), e);
    }
  }

  private String unreadable() {
    Path path = Path.of(location);
    return "ssl.truststore.location: "
        + location
        + (Files.isRegularFile(path) && Files.isReadable(path)
            ? " is no truststore of ssl.truststore.type=" + type
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
