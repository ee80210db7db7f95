package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.maven.ComponentClasspath;
import io.marketstream.embedded.maven.MavenComponents;
import io.marketstream.pipeline.job.TableArithmetic.Partition;
import io.marketstream.pipeline.job.TableArithmetic.RowSize;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the statements of cassandra-cql/README.md about the tables, on a real node with a loaded
 * partition of each. The tests are ordered, so that the node stops only once: queries first, then
 * files.
 */
@Tag("job")
@Tag("extended")
@Execution(ExecutionMode.SAME_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TableShapeIT {
  private static final Path ROOT = Path.of(System.getProperty("marketstream.root"));
  private static final Path SCHEMA = ROOT.resolve("cassandra-cql");
  private static final String KEYSPACE = "market_data";

  /** The keyspace for the README's statements, which change its content. */
  private static final String SHOWN = "shown_in_readme";

  private static final int RUNNING = 1;
  private static final int STOPPED = 2;

  /** Rows of one loaded partition: an hour, a source's symbols, a month by the minute, a month. */
  private static final Map<String, Integer> LOADED =
      Map.of("ticks", 100_000, "latest_ticks", 20_000, "candles", 44_640, "feed_gaps", 14_400);

  private CassandraNode node;
  private CqlSession session;
  private Path dataDir;
  private TableArithmetic readme;
  private final ComponentClasspath cassandra =
      ComponentClasspath.read(
          ROOT.resolve("local/embedded-stack/classpaths/cassandra/target/classpath.txt"));

  @BeforeAll
  void load(@TempDir Path home) throws IOException, InterruptedException {
    readme = TableArithmetic.read(SCHEMA.resolve("README.md"));
    ComponentSettings settings = ComponentSettings.in(home, "cassandra", FreePorts.next(), 1024);
    dataDir = settings.dataDir();
    node = new MavenComponents(ROOT).cassandra(settings);
    node.start();
    node.applySchema(SCHEMA, KEYSPACE);
    session = session();
    PartitionLoader loader = new PartitionLoader(session);
    for (Map.Entry<String, Integer> table : LOADED.entrySet()) {
      loader.load(
          KEYSPACE,
          table.getKey(),
          new RealisticRows().partition(table.getKey(), table.getValue()));
    }
  }

  /** Without schema metadata, because waiting for it takes a second per change. */
  private CqlSession session() {
    CqlSession fresh = node.session();
    fresh.setSchemaMetadataEnabled(false);
    return fresh;
  }

  @AfterAll
  void stop() {
    stopNode();
  }

  private void stopNode() {
    if (node != null && node.isRunning()) {
      session.close();
      node.stop();
    }
  }

  @Test
  @Order(RUNNING)
  void readersOfLoadedTablesReadNoTombstone() {
    for (String table : LOADED.keySet()) {
      assertThat(Tombstones.met(session, KEYSPACE, table)).as(table).isZero();
    }
  }

  @Test
  @Order(RUNNING)
  void everyPlantedTombstoneIsFound() throws IOException, InterruptedException {
    session.execute(
        "CREATE KEYSPACE planted"
            + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
    session.execute(
        "CREATE TABLE planted.tombstones (kind text, c int, v text, open list<text>,"
            + " frozen_list frozen<list<text>>, PRIMARY KEY (kind, c))");
    for (String kind : List.of("null", "cell", "row", "range", "list", "none")) {
      plant("INSERT INTO planted.tombstones (kind, c, v) VALUES ('%s', 9, 'stays')", kind);
    }
    assertThat(Tombstones.met(session, "planted", "tombstones")).isZero();

    plant("INSERT INTO planted.tombstones (kind, c, v) VALUES ('%s', 1, null)", "null");
    assertThat(Tombstones.met(session, "planted", "tombstones")).isEqualTo(1);
    plant("DELETE v FROM planted.tombstones WHERE kind = '%s' AND c = 1", "cell");
    assertThat(Tombstones.met(session, "planted", "tombstones")).isEqualTo(2);
    plant("DELETE FROM planted.tombstones WHERE kind = '%s' AND c = 1", "row");
    assertThat(Tombstones.met(session, "planted", "tombstones")).isEqualTo(3);
    plant("DELETE FROM planted.tombstones WHERE kind = '%s' AND c < 5", "range");
    assertThat(Tombstones.met(session, "planted", "tombstones")).isEqualTo(5);
    // Readers meet no tombstone from an overwritten list.
    plant("INSERT INTO planted.tombstones (kind, c, open) VALUES ('%s', 1, ['a'])", "list");
    plant(
        "INSERT INTO planted.tombstones (kind, c, v, frozen_list) VALUES ('%s', 1, '0', [])",
        "none");
    assertThat(Tombstones.met(session, "planted", "tombstones")).isEqualTo(5);
  }

  private void plant(String statement, String kind) {
    session.execute(statement.formatted(kind));
  }

  @Test
  @Order(RUNNING)
  void everyStatementOfTheReadmeCanBeRepeated() {
    List<String> statements =
        readme.cql().stream()
            .map(cql -> cql.replaceAll("\\b" + KEYSPACE + "\\b", SHOWN))
            .map(cql -> cql.replace("eu-central-1", CassandraNode.DATACENTER))
            .toList();
    List<String> ownKeyspace =
        statements.stream().filter(cql -> cql.startsWith("CREATE KEYSPACE")).toList();
    assertThat(ownKeyspace).hasSize(1);
    session.execute(ownKeyspace.get(0));
    node.applySchema(SCHEMA, SHOWN);
    try (CqlSession shown = session()) {
      shown.execute("USE " + SHOWN);
      statements.forEach(cql -> executeOnOneNode(shown, cql));
      statements.forEach(cql -> executeOnOneNode(shown, cql));
    }

    Row keyspace =
        session
            .execute(
                "SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?", SHOWN)
            .one();
    assertThat(keyspace.getMap("replication", String.class, String.class).get("class"))
        .endsWith("NetworkTopologyStrategy");
  }

  /**
   * The README's keyspace has three replicas and this ring has one node, so no quorum answers here.
   */
  private static void executeOnOneNode(CqlSession shown, String cql) {
    shown.execute(SimpleStatement.newInstance(cql).setConsistencyLevel(ConsistencyLevel.LOCAL_ONE));
  }

  @Test
  @Order(RUNNING)
  void ticksExpireByTheTableOneDayOfFilesAtATime() {
    Row ticks =
        session
            .execute(
                "SELECT default_time_to_live, compaction FROM system_schema.tables"
                    + " WHERE keyspace_name = ? AND table_name = 'ticks'",
                KEYSPACE)
            .one();
    assertThat(ticks.getInt("default_time_to_live")).isEqualTo(30 * 24 * 3600);
    assertThat(ticks.getMap("compaction", String.class, String.class))
        .containsEntry("compaction_window_unit", "DAYS")
        .containsEntry("compaction_window_size", "1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ticks", "latest_ticks", "candles", "feed_gaps"})
  @Order(STOPPED)
  void aRowIsAsLargeAsTheReadmeSays(String table) throws IOException {
    stopNode();
    long bytes = 0;
    long onDisk = 0;
    for (TableFile file : TableFile.of(dataDir, KEYSPACE, table)) {
      bytes += file.bytes();
      onDisk += file.bytesOnDisk();
    }
    RowSize said = readme.rowSizes().get(table);
    double rows = LOADED.get(table);
    assertThat(bytes / rows).as("bytes per row").isCloseTo(said.bytes(), withinPercentage(5));
    assertThat(onDisk / rows).as("of these on disk").isCloseTo(said.onDisk(), withinPercentage(10));
  }

  @Test
  @Order(STOPPED)
  void theArithmeticOfTheReadmeAddsUp() {
    assertThat(readme.partitions()).extracting(Partition::table).containsAll(LOADED.keySet());
    for (Partition partition : readme.partitions()) {
      long bytes = partition.rows() * readme.rowSizes().get(partition.table()).bytes();
      BigDecimal said = new BigDecimal(partition.megabytes());
      assertThat(BigDecimal.valueOf(bytes, 6).setScale(said.scale(), RoundingMode.HALF_UP))
          .as("%s: %s", partition.table(), partition.what())
          .isEqualTo(said);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ticks", "latest_ticks", "candles", "feed_gaps"})
  @Order(STOPPED)
  void theFilesOfLoadedTablesHoldNoTombstone(String table)
      throws IOException, InterruptedException {
    stopNode();
    assertThat(TableFile.of(dataDir, KEYSPACE, table)).isNotEmpty();
    assertThat(Tombstones.inFiles(dataDir, cassandra, KEYSPACE, table)).isEmpty();
  }

  @Test
  @Order(STOPPED)
  void everyPlantedTombstoneIsInTheFiles() throws IOException, InterruptedException {
    stopNode();
    // A null, a cell, a row, both ends of the range, and the list.
    assertThat(Tombstones.inFiles(dataDir, cassandra, "planted", "tombstones")).hasSize(6);
  }
}
