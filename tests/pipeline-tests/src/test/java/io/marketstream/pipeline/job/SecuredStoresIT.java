package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.feed.harness.TestCertificate;
import io.marketstream.pipeline.MarketStreamCommand;
import io.marketstream.pipeline.SecureBroker;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.TestStackBuilder;
import io.marketstream.pipeline.TopicContents;
import io.marketstream.schema.CqlSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The job, the audit and the read API beside a broker and a node that ask for TLS, a login and
 * rights. They use the options, properties and statements of docs/security.md exactly as written
 * there, and have no more rights.
 */
@Tag("job")
@Tag("extended")
@Execution(ExecutionMode.SAME_THREAD)
class SecuredStoresIT {
  private static final String KEYSPACE = "market_data";
  private static final String JOB = "job";
  private static final String KAFKA_PASSWORD = "simulated-kafka-password";
  private static final String CASSANDRA_PASSWORD = "simulated-cassandra-password";
  private static final String READER_PASSWORD = "simulated-reader-password";
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** What would be CQL if it were put into a statement as text. */
  private static final String HOSTILE = "x'); DROP TABLE market_data.ticks; --";

  private final JobTopics topics =
      new JobTopics("market_data", "market_data_gaps", "market_data_rejected");
  private final long hour = Instant.now().toEpochMilli() / 3_600_000 * 3_600_000 - 3_600_000;

  @TempDir private Path home;
  private SecureBroker broker;
  private TestCertificate ofCassandra;
  private TestStack stores;
  private CqlSession superuser;

  @BeforeEach
  void startStores() throws Exception {
    Files.createDirectories(home.resolve("keys"));
    broker = new SecureBroker(home);
    ofCassandra = new TestCertificate(home.resolve("keys"), "127.0.0.1");
    TestStackBuilder builder = TestStack.storesOnly(home);
    broker.settings(builder.kafkaPort()).forEach(builder::kafka);
    stores =
        builder
            .cassandra("authenticator", "PasswordAuthenticator")
            .cassandra("authorizer", "CassandraAuthorizer")
            .cassandra(
                "client_encryption_options",
                "{enabled: true, optional: true, keystore: '"
                    + ofCassandra.keystore()
                    + "', keystore_password: '"
                    + TestCertificate.PASSWORD
                    + "'}")
            .start();
    // The node makes its first superuser some seconds after its start.
    superuser =
        await()
            .atMost(TIMEOUT)
            .ignoreException(AllNodesFailedException.class)
            .until(() -> login("cassandra", "cassandra"), session -> true);
    new CqlSchema(TestStack.ROOT.resolve("cassandra-cql"), KEYSPACE).apply(superuser);
  }

  @AfterEach
  void stopStores() {
    if (superuser != null) {
      superuser.close();
    }
    stores.close();
  }

  @Test
  void theDocumentedOptionsAndRightsAreEnough() throws Exception {
    String notes = Files.readString(TestStack.ROOT.resolve("docs/security.md"));
    try (Admin admin = stores.kafka.admin()) {
      SecureBroker.addUser(admin, JOB, KAFKA_PASSWORD, rightsOfTheJob());
    }
    for (String statement : statements(notes)) {
      superuser.execute(statement);
    }
    stores.createTopic(topics.ticks(), 1);
    stores.createTopic(topics.gaps(), 1);
    Set<StoredTick> ticks = ticks();
    List<TopicRecord> records = new ArrayList<>();
    ticks.forEach(tick -> records.add(new TopicRecord(topics.ticks(), "k", tick.bytes())));
    records.add(new TopicRecord(topics.ticks(), "k", new byte[] {'?'}));
    TopicRecord.publish(stores.kafka, records);

    try (JobRun job = new JobRun(stores, topics, KEYSPACE)) {
      job.option("--bootstrap-servers", broker.bootstrapServers());
      kafkaOptions(notes).forEach(job::kafkaOption);
      cassandraProperties(notes).forEach(job::conf);
      job.runOnce();

      assertThat(StoredTick.all(superuser, KEYSPACE)).isEqualTo(ticks);
      assertThat(TopicContents.values(stores.kafka, topics.rejected())).hasSize(1);
      assertThat(job.log())
          .doesNotContain(KAFKA_PASSWORD, CASSANDRA_PASSWORD, TestCertificate.PASSWORD)
          .doesNotContain("AuthorizationException", "UnauthorizedException");
    }
    theRolesMayDoNoMore();
    Path driver = driverConfig();
    theAuditReadsIt(driver);
    theApiReadsIt(driver);
    theApiSaysThatItsLoginIsWrong(driver);
  }

  /** Three symbols, one of them of a name that somebody chose with care. */
  private Set<StoredTick> ticks() {
    Set<StoredTick> ticks = new LinkedHashSet<>(); // the fold counts on the order of numbers
    for (String symbol : List.of("AAPL", "BRK.B", HOSTILE)) {
      for (int sequence = 0; sequence < 100; sequence++) {
        ticks.add(StoredTick.trade(symbol, hour, sequence, "1." + sequence, hour + 1 + sequence));
      }
    }
    return ticks;
  }

  private void theRolesMayDoNoMore() {
    try (CqlSession job = login("market_stream", CASSANDRA_PASSWORD);
        CqlSession reader = login("market_reader", READER_PASSWORD)) {
      for (String table :
          List.of("ticks", "latest_ticks", "candles", "feed_gaps", "job_options", "job_progress")) {
        assertThatThrownBy(() -> job.execute("DROP TABLE market_data." + table))
            .isInstanceOf(UnauthorizedException.class);
        assertThat(reader.execute("SELECT * FROM market_data." + table + " LIMIT 1")).isNotNull();
        assertThatThrownBy(() -> reader.execute("TRUNCATE market_data." + table))
            .isInstanceOf(UnauthorizedException.class);
      }
      assertThatThrownBy(
              () ->
                  job.execute(
                      "CREATE KEYSPACE other WITH replication ="
                          + " {'class': 'SimpleStrategy', 'replication_factor': 1}"))
          .isInstanceOf(UnauthorizedException.class);
    }
  }

  /** Settings of the driver with which the readers trust the certificate of the node. */
  private Path driverConfig() throws IOException, GeneralSecurityException {
    return Files.writeString(
        home.resolve("driver.conf"),
        "datastax-java-driver.advanced.ssl-engine-factory {\n  class = DefaultSslEngineFactory\n"
            + "  truststore-path = \""
            + truststore()
            + "\"\n  truststore-password = \""
            + TestCertificate.PASSWORD
            + "\"\n  allow-dns-reverse-lookup-san = false\n}\n");
  }

  private void theApiReadsIt(Path driver) {
    Map<String, String> login =
        Map.of("CASSANDRA_USERNAME", "market_reader", "CASSANDRA_PASSWORD", READER_PASSWORD);
    try (ApiRun api =
        new ApiRun(stores, KEYSPACE, List.of("--cassandra-config=" + driver), login)) {
      await()
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(api.get("/health").statusCode()).isEqualTo(200));
      Map<String, String> newest = new HashMap<>();
      api.json("/api/symbols")
          .path("symbols")
          .forEach(
              symbol -> newest.put(symbol.path("symbol").asText(), symbol.path("price").asText()));
      assertThat(newest)
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("AAPL", "1.99", "BRK.B", "1.99", HOSTILE, "1.99"));
      assertThat(
              api.json(
                      "/api/ticks?symbol="
                          + ApiRun.encode(HOSTILE)
                          + "&from="
                          + hour
                          + "&to="
                          + (hour + 3_600_000))
                  .path("ticks"))
          .hasSize(100);
      assertThat(api.log()).doesNotContain(READER_PASSWORD, TestCertificate.PASSWORD);
    }
  }

  private void theApiSaysThatItsLoginIsWrong(Path driver) {
    Map<String, String> login =
        Map.of("CASSANDRA_USERNAME", "market_reader", "CASSANDRA_PASSWORD", "wrong-password");
    try (ApiRun api =
        new ApiRun(stores, KEYSPACE, List.of("--cassandra-config=" + driver), login)) {
      await().atMost(TIMEOUT).untilAsserted(() -> assertThat(api.log()).contains("market_reader"));
      assertThat(api.get("/api/symbols").statusCode()).isEqualTo(503);
      assertThat(api.log()).doesNotContain("wrong-password");
    }
  }

  private void theAuditReadsIt(Path driver) throws Exception {
    Path to = home.resolve("audit.txt");
    List<String> command =
        MarketStreamCommand.audit(
            home,
            List.of(
                "--cassandra",
                "127.0.0.1:" + stores.cassandra.cqlAddress().getPort(),
                "--cassandra-config",
                driver.toString()));
    ProcessBuilder audit =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(to.toFile());
    audit.environment().put("CASSANDRA_USERNAME", "market_reader");
    audit.environment().put("CASSANDRA_PASSWORD", READER_PASSWORD);
    Process process = audit.start();
    boolean ended = process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    process.destroyForcibly();

    String output = Files.readString(to);
    assertThat(ended).as(output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output).containsPattern("rows in ticks +300\\b").doesNotContain(READER_PASSWORD);
  }

  /** The {@code --kafka-option} lines of the notes, with the files of this test. */
  private List<String> kafkaOptions(String notes) throws IOException {
    Path password =
        Files.writeString(home.resolve("kafka.properties"), "password=" + KAFKA_PASSWORD);
    List<String> options =
        notes
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("--kafka-option "))
            .map(line -> line.substring("--kafka-option ".length()).replaceAll("^'|'$", ""))
            .map(line -> line.replace("/etc/market-stream/kafka-ca.pem", "" + broker.authority()))
            .map(line -> line.replace("/etc/market-stream/kafka.properties", "" + password))
            .toList();
    assertThat(options).hasSize(7);
    return options;
  }

  /** The properties of the notes, with the files and passwords of this test. */
  private Map<String, String> cassandraProperties(String notes)
      throws IOException, GeneralSecurityException {
    Map<String, String> properties = new HashMap<>();
    notes
        .lines()
        .map(line -> line.strip().split(" +"))
        .filter(words -> words.length == 2 && words[0].startsWith("spark.cassandra."))
        .forEach(words -> properties.put(words[0], words[1]));
    assertThat(properties).hasSize(7);
    properties.replace("spark.cassandra.auth.password", CASSANDRA_PASSWORD);
    String trustStore = "spark.cassandra.connection.ssl.trustStore.";
    properties.replace(trustStore + "path", truststore().toString());
    properties.replace(trustStore + "password", TestCertificate.PASSWORD);
    return properties;
  }

  private Path truststore() throws IOException, GeneralSecurityException {
    return ofCassandra.truststore(
        home.resolve("cassandra.p12"), "PKCS12", TestCertificate.PASSWORD);
  }

  /** The roles and grants of the notes, with passwords of this test. */
  private static List<String> statements(String notes) {
    List<String> statements =
        notes
            .lines()
            .filter(line -> line.startsWith("CREATE ROLE ") || line.startsWith("GRANT "))
            .map(
                line ->
                    line.replace(
                        "'…'",
                        "'"
                            + (line.contains("market_reader")
                                ? READER_PASSWORD
                                : CASSANDRA_PASSWORD)
                            + "'"))
            .toList();
    assertThat(statements).hasSize(5);
    return statements;
  }

  /** The two rows of the notes that are the job's. */
  private static List<AclBinding> rightsOfTheJob() {
    return List.of(
        right(ResourceType.TOPIC, "market_data", PatternType.LITERAL, AclOperation.READ),
        right(ResourceType.TOPIC, "market_data", PatternType.LITERAL, AclOperation.DESCRIBE),
        right(ResourceType.TOPIC, "market_data_gaps", PatternType.LITERAL, AclOperation.READ),
        right(ResourceType.TOPIC, "market_data_gaps", PatternType.LITERAL, AclOperation.DESCRIBE),
        right(ResourceType.GROUP, "spark-kafka-source", PatternType.PREFIXED, AclOperation.READ),
        right(ResourceType.TOPIC, "market_data_rejected", PatternType.LITERAL, AclOperation.WRITE),
        right(
            ResourceType.TOPIC, "market_data_rejected", PatternType.LITERAL, AclOperation.DESCRIBE),
        right(
            ResourceType.TOPIC, "market_data_rejected", PatternType.LITERAL, AclOperation.CREATE));
  }

  private static AclBinding right(
      ResourceType type, String name, PatternType pattern, AclOperation operation) {
    return SecureBroker.right(JOB, new ResourcePattern(type, name, pattern), operation);
  }

  private CqlSession login(String role, String password) {
    return CqlSession.builder()
        .addContactPoint(stores.cassandra.cqlAddress())
        .withLocalDatacenter(CassandraNode.DATACENTER)
        .withAuthCredentials(role, password)
        .withConfigLoader(
            DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, TIMEOUT)
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, TIMEOUT)
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, TIMEOUT)
                .build())
        .build();
  }
}
