package io.marketstream.pipeline;

import static io.marketstream.pipeline.RealComponents.KEYSPACE;
import static io.marketstream.pipeline.RealComponents.ROOT;

import io.marketstream.local.component.CassandraNode;
import io.marketstream.local.component.Component;
import io.marketstream.local.component.ComponentProvider;
import io.marketstream.local.component.ComponentSettings;
import io.marketstream.local.component.ConnectSetup;
import io.marketstream.local.component.ConnectWorker;
import io.marketstream.local.component.FreePorts;
import io.marketstream.local.component.JobSubmission;
import io.marketstream.local.component.KafkaBroker;
import io.marketstream.local.component.SparkJob;
import io.marketstream.local.component.SparkMaster;
import io.marketstream.local.component.SparkRelease;
import io.marketstream.local.component.SparkWorker;
import io.marketstream.local.maven.MavenComponents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The components of one pipeline in a folder of its own, on free ports, made and not started.
 *
 * @param sparkCluster master and workers; empty where driver and executor are one JVM
 */
public record PipelineComponents(
    List<CassandraNode> nodes,
    List<KafkaBroker> brokers,
    List<ConnectWorker> workers,
    Optional<SparkCluster> sparkCluster,
    SparkJob job) {

  /**
   * A killed worker stays a member of its group for its session: a minute, as shipped, is too long
   * for most tests.
   */
  public static final Map<String, String> QUICK_WORKER =
      Map.of(
          "session.timeout.ms", "10000",
          "heartbeat.interval.ms", "3000",
          "scheduled.rebalance.max.delay.ms", "1000");

  /** What every job here is told to keep. */
  static final String CANDLES = "1m,1h";

  private static final int MEMBERS = 3;
  private static final ComponentProvider PROVIDER = new MavenComponents(ROOT);

  /** Where the job's executors run. */
  public record SparkCluster(SparkMaster master, List<SparkWorker> workers) {
    List<Component> components() {
      return Stream.concat(Stream.of(master), workers.stream()).map(Component.class::cast).toList();
    }
  }

  /**
   * One of each.
   *
   * @param workerSettings over those of the worker file that we ship
   */
  static PipelineComponents single(Path home, Map<String, String> workerSettings) {
    KafkaBroker kafka = PROVIDER.kafka(settings(home, "kafka", 384));
    ComponentSettings worker = settings(home, "connect", 384);
    for (Map.Entry<String, String> setting : workerSettings.entrySet()) {
      worker = worker.with(setting.getKey(), setting.getValue());
    }
    CassandraNode cassandra = PROVIDER.cassandra(settings(home, "cassandra", 1024));
    return new PipelineComponents(
        List.of(cassandra),
        List.of(kafka),
        List.of(PROVIDER.connect(worker, distributed(home, kafka))),
        Optional.empty(),
        job(home, "local[2]", kafka, cassandra, Map.of()));
  }

  /**
   * Three brokers, three nodes, two workers of one group with the timeouts that we ship, a master
   * and two workers of Spark with an executor each.
   */
  static PipelineComponents clustered(Path home) {
    List<KafkaBroker> brokers =
        PROVIDER.kafkaCluster(
            numbered(MEMBERS).mapToObj(i -> settings(home, "kafka-" + i, 384)).toList());
    int cqlPort =
        FreePorts.next(numbered(MEMBERS).mapToObj(number -> "127.0.0." + number).toList());
    List<CassandraNode> nodes =
        PROVIDER.cassandraRing(
            numbered(MEMBERS)
                .mapToObj(i -> settings(home, "cassandra-" + i, cqlPort, 768))
                .toList());
    List<ConnectWorker> workers =
        numbered(2)
            .mapToObj(i -> replicated(settings(home, "connect-" + i, 384)))
            .map(settings -> PROVIDER.connect(settings, distributed(home, brokers.get(0))))
            .toList();
    SparkMaster master = PROVIDER.sparkMaster(settings(home, "spark-master", 256));
    List<SparkWorker> sparkWorkers =
        numbered(2)
            .mapToObj(i -> PROVIDER.sparkWorker(settings(home, "spark-worker-" + i, 256), master))
            .toList();
    return new PipelineComponents(
        nodes,
        brokers,
        workers,
        Optional.of(new SparkCluster(master, sparkWorkers)),
        job(
            home,
            master.url(),
            brokers.get(0),
            nodes.get(0),
            Map.of(
                "spark.executor.memory", "512m",
                "spark.executor.cores", "1",
                "spark.cores.max", "2")));
  }

  /** Creates the keyspace with a copy on each node; 001_keyspace.cql then leaves it as it is. */
  void createReplicatedKeyspace() {
    try (var session = nodes.get(0).session()) {
      session.execute(
          "CREATE KEYSPACE IF NOT EXISTS "
              + KEYSPACE
              + " WITH replication = {'class': 'NetworkTopologyStrategy', '"
              + CassandraNode.DATACENTER
              + "': "
              + nodes.size()
              + "}");
    }
  }

  private static IntStream numbered(int count) {
    return IntStream.rangeClosed(1, count);
  }

  private static ComponentSettings settings(Path home, String name, int heapMb) {
    return settings(home, name, FreePorts.next(), heapMb);
  }

  private static ComponentSettings settings(Path home, String name, int port, int heapMb) {
    return ComponentSettings.in(home, name, port, heapMb).withJvmOptions(ComponentJvm.options());
  }

  private static ComponentSettings replicated(ComponentSettings worker) {
    ComponentSettings settings = worker;
    for (String topic : List.of("offset", "config", "status")) {
      settings = settings.with(topic + ".storage.replication.factor", Integer.toString(MEMBERS));
    }
    return settings;
  }

  private static ConnectSetup distributed(Path home, KafkaBroker kafka) {
    return ConnectSetup.distributed(
        ROOT.resolve("connect-configs/connect-distributed.properties"),
        kafka.bootstrapServers(),
        home.resolve("plugins"));
  }

  private static SparkJob job(
      Path home,
      String master,
      KafkaBroker kafka,
      CassandraNode cassandra,
      Map<String, String> furtherConf) {
    Map<String, String> conf = new HashMap<>(furtherConf);
    conf.put(
        "spark.cassandra.connection.host",
        cassandra.contactPoints().stream()
            .map(InetSocketAddress::getHostString)
            .collect(Collectors.joining(",")));
    conf.put("spark.cassandra.connection.port", String.valueOf(cassandra.cqlAddress().getPort()));
    return PROVIDER.spark(
        settings(home, "job", 0, 1024),
        new JobSubmission(
            SparkRelease.SPARK_3_5,
            master,
            jobJar(),
            "io.marketstream.spark.MarketDataJob",
            Optional.of(ROOT.resolve("spark-job/conf/market-stream.properties")),
            conf,
            List.of(
                "--bootstrap-servers",
                kafka.bootstrapServers(),
                "--keyspace",
                KEYSPACE,
                "--checkpoint",
                home.resolve("checkpoint").toUri().toString(),
                "--candles",
                CANDLES)));
  }

  private static Path jobJar() {
    try (var jars = Files.newDirectoryStream(ROOT.resolve("spark-job/target"), "spark-job-*.jar")) {
      for (Path jar : jars) {
        return jar;
      }
      throw new IllegalStateException("spark-job is not built: run mvn verify from the root");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
