package io.marketstream.pipeline;

import static io.marketstream.pipeline.TestStack.PROVIDER;
import static io.marketstream.pipeline.TestStack.ROOT;

import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.ConnectMode;
import io.marketstream.embedded.component.ConnectSetup;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.component.JobSubmission;
import io.marketstream.embedded.component.KafkaBroker;
import io.marketstream.embedded.component.SparkJob;
import io.marketstream.embedded.component.SparkMaster;
import io.marketstream.embedded.component.SparkRelease;
import io.marketstream.embedded.component.SparkWorker;
import io.marketstream.local.run.Feed;
import io.marketstream.local.run.PluginArchives;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes a {@link TestStack}. Settings override those of the shipped files. */
public final class TestStackBuilder {

  /** The values of the {@code ${env:…}} references in connect-configs/. */
  public static final Map<String, String> FEED_KEYS =
      Map.of(
          "FINNHUB_TOKEN", FinnhubSimulator.DEFAULT_TOKEN,
          "FINNHUB_TOKEN_2", "simulated-finnhub-token-2",
          "COINCAP_API_KEY", CoinCapSimulator.DEFAULT_API_KEY);

  /** The candle intervals of the job. */
  static final String CANDLES = "1m,1h";

  private static final int SPARK_WORKERS = 2;

  private final Path home;
  private final int kafkaPort = FreePorts.next();
  private final Map<String, String> kafkaSettings = new HashMap<>();
  private final Map<String, String> cassandraSettings = new HashMap<>();
  private final Map<String, String> workerSettings = new HashMap<>();
  private final Map<String, String> workerEnvironment = new HashMap<>(FEED_KEYS);
  private final List<String> workerJvmOptions = new ArrayList<>();
  private final List<String> kafkaJvmOptions = new ArrayList<>();
  private final List<String> cassandraJvmOptions = new ArrayList<>();
  private final Map<String, String> jobSettings = new HashMap<>();
  private final List<String> jobArguments = new ArrayList<>();
  private ConnectMode workerMode = ConnectMode.DISTRIBUTED;
  private String workerFile = "connect-distributed.properties";
  private int workerHeapMb = 384;
  private int brokers = 1;
  private int nodes = 1;
  private int workers = 1;
  private boolean hasMetrics;
  private boolean hasJob;
  private boolean hasSparkCluster;
  private boolean isRealTime;

  TestStackBuilder(Path home) {
    this.home = home;
  }

  TestStackBuilder brokers(int count) {
    brokers = count;
    return this;
  }

  public TestStackBuilder nodes(int count) {
    nodes = count;
    return this;
  }

  public TestStackBuilder workers(int count) {
    workers = count;
    return this;
  }

  TestStackBuilder withMetrics() {
    hasMetrics = true;
    return this;
  }

  TestStackBuilder withJob() {
    hasJob = true;
    return this;
  }

  /** The job on a Spark master with two workers. */
  public TestStackBuilder withSparkCluster() {
    hasSparkCluster = true;
    return this;
  }

  /**
   * The job in real-time mode, on the newest Spark.
   *
   * @param interval such as {@code 15s}
   */
  public TestStackBuilder realTimeJob(String interval) {
    isRealTime = true;
    return jobArgument("--trigger", "realtime:" + interval);
  }

  /** The port of the listener without encryption, which a single broker always has. */
  public int kafkaPort() {
    return kafkaPort;
  }

  public TestStackBuilder kafka(String key, String value) {
    kafkaSettings.put(key, value);
    return this;
  }

  public TestStackBuilder cassandra(String key, String value) {
    cassandraSettings.put(key, value);
    return this;
  }

  public TestStackBuilder worker(String key, String value) {
    workerSettings.put(key, value);
    return this;
  }

  /**
   * A killed worker stays a member of its group for its session. The shipped minute is too long for
   * most tests.
   */
  public TestStackBuilder quickWorkerTimeouts() {
    return worker("session.timeout.ms", "10000")
        .worker("heartbeat.interval.ms", "3000")
        .worker("scheduled.rebalance.max.delay.ms", "1000");
  }

  /** The timeouts of connect-configs/. */
  public TestStackBuilder shippedWorkerTimeouts() {
    workerSettings
        .keySet()
        .removeAll(
            List.of(
                "session.timeout.ms", "heartbeat.interval.ms", "scheduled.rebalance.max.delay.ms"));
    return this;
  }

  /** Another file of connect-configs/ for the workers to start from. */
  public TestStackBuilder workerFile(String name) {
    workerFile = name;
    return this;
  }

  /** A worker from connect-configs/connect-standalone.properties. */
  public TestStackBuilder standalone() {
    workerMode = ConnectMode.STANDALONE;
    return workerFile("connect-standalone.properties");
  }

  public TestStackBuilder workerEnvironment(String key, String value) {
    workerEnvironment.put(key, value);
    return this;
  }

  public TestStackBuilder workerJvmOption(String option) {
    workerJvmOptions.add(option);
    return this;
  }

  /** An option for the JVM of each broker. */
  public TestStackBuilder kafkaJvmOption(String option) {
    kafkaJvmOptions.add(option);
    return this;
  }

  /** An option for the JVM of each Cassandra node. */
  public TestStackBuilder cassandraJvmOption(String option) {
    cassandraJvmOptions.add(option);
    return this;
  }

  /** A property of Spark for the job. */
  public TestStackBuilder job(String key, String value) {
    jobSettings.put(key, value);
    return this;
  }

  /** An option of the job itself. */
  public TestStackBuilder jobArgument(String option, String value) {
    jobArguments.add(option);
    jobArguments.add(value);
    return this;
  }

  public TestStackBuilder workerHeapMb(int heap) {
    workerHeapMb = heap;
    return this;
  }

  /** Makes the stack and starts it, except for the job. */
  public TestStack start() {
    return build().start();
  }

  /** Makes the stack and does not start it. */
  public TestStack build() {
    List<KafkaBroker> kafka = makeBrokers();
    List<CassandraNode> cassandra = makeNodes();
    int jmxPort = hasMetrics ? FreePorts.next() : 0;
    List<ConnectWorker> connect = makeWorkers(kafka.get(0), jmxPort);
    Optional<SparkMaster> master =
        hasSparkCluster
            ? Optional.of(
                PROVIDER.sparkMaster(
                    settings("spark-master", FreePorts.next(), 256, Map.of()), sparkRelease()))
            : Optional.empty();
    List<SparkWorker> sparkWorkers =
        master.stream().flatMap(each -> makeSparkWorkers(each).stream()).toList();
    SparkJob job = hasJob ? makeJob(kafka.get(0), cassandra.get(0), master) : null;
    return new TestStack(
        home,
        kafka,
        connect,
        hasMetrics ? new WorkerMetrics(jmxPort) : null,
        cassandra,
        master,
        sparkWorkers,
        job);
  }

  private List<KafkaBroker> makeBrokers() {
    if (brokers == 1) {
      return List.of(
          PROVIDER.kafka(with(kafkaJvmOptions, settings("kafka", kafkaPort, 384, kafkaSettings))));
    }
    return PROVIDER.kafkaCluster(
        numbered(
            brokers,
            i ->
                with(
                    kafkaJvmOptions,
                    settings("kafka-" + i, FreePorts.next(), 384, kafkaSettings))));
  }

  private List<CassandraNode> makeNodes() {
    if (nodes <= 1) {
      return numbered(
          nodes,
          i ->
              PROVIDER.cassandra(
                  with(
                      cassandraJvmOptions,
                      settings("cassandra", FreePorts.next(), 1024, cassandraSettings))));
    }
    int cqlPort = FreePorts.next(numbered(nodes, i -> "127.0.0." + i));
    return PROVIDER.cassandraRing(
        numbered(
            nodes,
            i ->
                with(
                    cassandraJvmOptions,
                    settings("cassandra-" + i, cqlPort, 768, cassandraSettings))));
  }

  private List<ConnectWorker> makeWorkers(KafkaBroker kafka, int jmxPort) {
    if (workers == 0) {
      return List.of();
    }
    ConnectSetup setup =
        new ConnectSetup(
            TestStack.CONNECT_RELEASE,
            workerMode,
            ROOT.resolve("connect-configs").resolve(workerFile),
            workerSettings.getOrDefault("bootstrap.servers", kafka.bootstrapServers()),
            unpackedPlugins());
    return numbered(
        workers,
        i ->
            PROVIDER.connect(
                workerSettings(workers == 1 ? "connect" : "connect-" + i, jmxPort), setup));
  }

  private ComponentSettings workerSettings(String name, int jmxPort) {
    Map<String, String> overrides = new HashMap<>(workerSettings);
    if (brokers > 1) {
      for (String topic : List.of("offset", "config", "status")) {
        overrides.put(topic + ".storage.replication.factor", Integer.toString(brokers));
      }
    }
    List<String> options = new ArrayList<>(ComponentJvm.options());
    if (hasMetrics) {
      options.addAll(WorkerMetrics.jvmOptions(jmxPort));
    }
    options.addAll(workerJvmOptions);
    ComponentSettings settings =
        settings(name, FreePorts.next(), workerHeapMb, overrides).withJvmOptions(options);
    for (Map.Entry<String, String> variable : workerEnvironment.entrySet()) {
      settings = settings.withEnvironment(variable.getKey(), variable.getValue());
    }
    return settings;
  }

  private Path unpackedPlugins() {
    Path plugins = home.resolve("plugins");
    try {
      for (Feed feed : Feed.values()) {
        PluginArchives.unpack(PluginArchives.find(ROOT, feed), plugins);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The plugin zips cannot be unpacked", e);
    }
    return plugins;
  }

  private List<SparkWorker> makeSparkWorkers(SparkMaster master) {
    return numbered(
        SPARK_WORKERS,
        i ->
            PROVIDER.sparkWorker(
                settings("spark-worker-" + i, FreePorts.next(), 256, Map.of()),
                master,
                coresOfExecutor()));
  }

  private SparkJob makeJob(
      KafkaBroker kafka, CassandraNode cassandra, Optional<SparkMaster> master) {
    Map<String, String> conf = new HashMap<>();
    if (master.isPresent()) {
      conf.put("spark.executor.memory", "512m");
      conf.put("spark.executor.cores", Integer.toString(coresOfExecutor()));
      conf.put("spark.cores.max", Integer.toString(SPARK_WORKERS * coresOfExecutor()));
    }
    conf.put(
        "spark.cassandra.connection.host",
        cassandra.contactPoints().stream()
            .map(InetSocketAddress::getHostString)
            .collect(Collectors.joining(",")));
    conf.put("spark.cassandra.connection.port", String.valueOf(cassandra.cqlAddress().getPort()));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--bootstrap-servers",
                kafka.bootstrapServers(),
                "--keyspace",
                TestStack.KEYSPACE,
                "--checkpoint",
                home.resolve("checkpoint").toUri().toString(),
                "--candles",
                CANDLES));
    arguments.addAll(jobArguments);
    return PROVIDER.spark(
        settings("job", 0, 1024, jobSettings),
        new JobSubmission(
            sparkRelease(),
            master.map(SparkMaster::url).orElse("local[" + SPARK_WORKERS * coresOfExecutor() + "]"),
            BuiltModule.jar("spark-job"),
            "io.marketstream.spark.MarketDataJob",
            Optional.of(ROOT.resolve("spark-job/conf/market-stream.properties")),
            conf,
            arguments));
  }

  private SparkRelease sparkRelease() {
    return isRealTime ? SparkRelease.SPARK_4_2 : SparkRelease.SPARK_3_5;
  }

  /** In real-time mode, each of the seven partitions of the topics takes a core of its own. */
  private int coresOfExecutor() {
    return isRealTime ? 5 : 1;
  }

  private ComponentSettings settings(
      String name, int port, int heapMb, Map<String, String> overrides) {
    ComponentSettings settings = TestStack.settings(home, name, port, heapMb);
    for (Map.Entry<String, String> override : overrides.entrySet()) {
      settings = settings.with(override.getKey(), override.getValue());
    }
    return settings;
  }

  private static ComponentSettings with(List<String> jvmOptions, ComponentSettings settings) {
    List<String> all = new ArrayList<>(settings.jvmOptions());
    all.addAll(jvmOptions);
    return settings.withJvmOptions(all);
  }

  private static <T> List<T> numbered(int count, Function<Integer, T> make) {
    return IntStream.rangeClosed(1, count).boxed().map(make).toList();
  }
}
