package io.marketstream.pipeline.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.local.component.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What makes a test's broker one that asks for TLS, a password and rights: a second listener next
 * to the plain one, which stays the test's own and may do everything.
 */
final class SecureBroker {

  static final String USER = "market-stream";

  /** Quotes and backslashes would need escaping in the JAAS line; the worker's file says so. */
  static final String PASSWORD = "simulated kafka = password; of the test";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String KEY_PASSWORD = "of-the-test";

  private final Path home;
  private final int port = FreePorts.next();

  SecureBroker(Path home) {
    this.home = home;
  }

  String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** The certificate that a client must trust, as PEM. */
  Path authority() {
    return home.resolve("kafka-ca.pem");
  }

  /** Makes the certificates and sets the broker up. */
  ConnectCluster.Builder setUp(ConnectCluster.Builder builder) throws Exception {
    Path keystore = home.resolve("broker.p12");
    keytool(
        List.of("-genkeypair", "-alias", "broker", "-keyalg", "EC", "-validity", "2"),
        List.of("-dname", "CN=broker", "-ext", "san=ip:127.0.0.1"),
        keystore);
    keytool(
        List.of("-exportcert", "-alias", "broker", "-rfc", "-file", authority().toString()),
        List.of(),
        keystore);
    int controller = FreePorts.next();
    String plain = "PLAINTEXT://127.0.0.1:" + builder.kafkaPort();
    String secure = "SASL_SSL://" + bootstrapServers();
    return builder
        .kafka("controller.quorum.voters", "1@127.0.0.1:" + controller)
        .kafka("listeners", plain + "," + secure + ",CONTROLLER://127.0.0.1:" + controller)
        .kafka("advertised.listeners", plain + "," + secure)
        .kafka(
            "listener.security.protocol.map",
            "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL")
        .kafka("listener.name.sasl_ssl.sasl.enabled.mechanisms", "SCRAM-SHA-512")
        .kafka(
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required;")
        .kafka("ssl.keystore.type", "PKCS12")
        .kafka("ssl.keystore.location", keystore.toString())
        .kafka("ssl.keystore.password", KEY_PASSWORD)
        .kafka("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
        .kafka("super.users", "User:ANONYMOUS");
  }

  private static void keytool(List<String> command, List<String> more, Path keystore)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    line.addAll(command);
    line.addAll(more);
    line.addAll(List.of("-keystore", keystore.toString(), "-storetype", "PKCS12"));
    line.addAll(List.of("-storepass", KEY_PASSWORD));
    Path output = Files.createTempFile(keystore.getParent(), "keytool", ".log");
    Process process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertThat(process.waitFor()).as("keytool: %s", Files.readString(output)).isZero();
  }

  /** Makes the worker's user, with the rights that connect-configs/README.md lists and no more. */
  static void addUser(Admin admin) throws Exception {
    ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
    admin
        .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(USER, scram, PASSWORD)))
        .all()
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    List<AclBinding> rights = new ArrayList<>();
    for (AclOperation operation :
        List.of(
            AclOperation.READ,
            AclOperation.WRITE,
            AclOperation.CREATE,
            AclOperation.DESCRIBE_CONFIGS)) {
      rights.add(right(ResourceType.TOPIC, "market-stream-connect-", operation));
    }
    for (AclOperation operation : List.of(AclOperation.WRITE, AclOperation.CREATE)) {
      rights.add(right(ResourceType.TOPIC, "market_data", operation));
    }
    rights.add(right(ResourceType.GROUP, "market-stream-connect", AclOperation.READ));
    admin.createAcls(rights).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    await("rights")
        .atMost(PATIENCE)
        .until(
            () ->
                admin
                        .describeAcls(AclBindingFilter.ANY)
                        .values()
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .size()
                    == rights.size());
  }

  private static AclBinding right(ResourceType type, String prefix, AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(type, prefix, PatternType.PREFIXED),
        new AccessControlEntry("User:" + USER, "*", operation, AclPermissionType.ALLOW));
  }
}
