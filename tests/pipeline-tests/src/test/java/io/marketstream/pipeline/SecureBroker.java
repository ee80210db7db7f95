package io.marketstream.pipeline;

import static org.awaitility.Awaitility.await;

import io.marketstream.embedded.component.FreePorts;
import io.marketstream.feed.harness.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePattern;

/**
 * Makes a test's broker require TLS, a password and rights on a second listener. The plain listener
 * stays for the test, and may do everything.
 */
public final class SecureBroker {

  private static final Duration TIMEOUT = Duration.ofSeconds(150);

  private final int port = FreePorts.next();
  private final TestCertificate certificate;
  private final Path authority;

  /** Creates the certificate in a folder of the test. */
  public SecureBroker(Path home)
      throws IOException, InterruptedException, GeneralSecurityException {
    certificate = new TestCertificate(home, "127.0.0.1");
    authority = Files.writeString(home.resolve("kafka-ca.pem"), certificate.pem());
  }

  /** Returns the address of the listener with TLS and a password. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Returns the certificate that a client must trust, as PEM. */
  public Path authority() {
    return authority;
  }

  /** Returns the settings of a broker whose plain listener has this port. */
  public Map<String, String> settings(int plainPort) {
    int controller = FreePorts.next();
    String plain = "PLAINTEXT://127.0.0.1:" + plainPort;
    String secure = "SASL_SSL://" + bootstrapServers();
    Map<String, String> settings = new HashMap<>();
    settings.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
    settings.put("listeners", plain + "," + secure + ",CONTROLLER://127.0.0.1:" + controller);
    settings.put("advertised.listeners", plain + "," + secure);
    settings.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL");
    settings.put("listener.name.sasl_ssl.sasl.enabled.mechanisms", "SCRAM-SHA-512");
    settings.put(
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", certificate.keystore().toString());
    settings.put("ssl.keystore.password", TestCertificate.PASSWORD);
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("super.users", "User:ANONYMOUS");
    return settings;
  }

  /** Creates a user with these rights and no others. */
  public static void addUser(Admin admin, String user, String password, List<AclBinding> rights)
      throws Exception {
    ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
    admin
        .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, scram, password)))
        .all()
        .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    admin.createAcls(rights).all().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    await("rights")
        .atMost(TIMEOUT)
        .until(
            () ->
                admin
                    .describeAcls(AclBindingFilter.ANY)
                    .values()
                    .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .containsAll(rights));
  }

  /** Returns the rule that a user may do something with the resources of the pattern. */
  public static AclBinding right(String user, ResourcePattern pattern, AclOperation operation) {
    return new AclBinding(
        pattern, new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
  }
}
