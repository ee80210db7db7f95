package io.marketstream.pipeline.containers;

import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.JobSubmission;
import io.marketstream.embedded.component.SparkJob;
import io.marketstream.embedded.maven.ComponentClasspath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The job, as {@code spark-submit} of the Spark image runs it in one JVM. The checkpoint is on this
 * machine, so that a test can read it.
 */
final class JobContainer extends ContainerComponent implements SparkJob {
  /**
   * Gives Spark what it does not bring itself, as {@code --packages} would. "$0" is the folder of
   * the job's libraries.
   */
  private static final String SUBMIT =
      """
      jars=
      for jar in "$0"/*.jar; do
        name=${jar##*/}
        name=${name%%-[0-9]*}
        compgen -G "/opt/spark/jars/$name-[0-9]*.jar" >/dev/null || jars=$jars,$jar
      done
      exec /opt/spark/bin/spark-submit --jars "${jars#,}" "$@"
      """;

  private final JobSubmission submission;
  private final ComponentClasspath libraries;
  private final String started;

  /**
   * @param libraries of the job and of Spark, for the Scala of the image
   */
  JobContainer(
      ComponentSettings settings,
      String image,
      JobSubmission submission,
      ComponentClasspath libraries) {
    super(settings, image);
    this.submission = submission;
    this.libraries = libraries;
    String mainClass = submission.mainClass();
    this.started = mainClass.substring(mainClass.lastIndexOf('.') + 1) + ": started ";
  }

  @Override
  Launch prepare() throws IOException {
    Path home = settings.dataDir().getParent();
    List<String> command =
        new ArrayList<>(List.of("bash", "-c", SUBMIT, libraryFolder().toString()));
    command.addAll(arguments());
    Map<String, String> environment = new HashMap<>();
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_LOCAL_HOSTNAME", "127.0.0.1");
    // The user of this machine need not exist in the image.
    environment.put("HADOOP_USER_NAME", "market-stream");
    environment.put("SPARK_USER", "market-stream");
    environment.put("HOME", settings.dataDir().toString());
    environment.putAll(settings.environment());
    return new Launch(
        command,
        environment,
        // The checkpoint must belong to the user who runs the test.
        Optional.of(SharedFiles.ownerOf(settings.dataDir())),
        Set.of(home, libraryFolder()));
  }

  /** Next to the job's folder, so that all starts of a test share it. */
  private Path libraryFolder() throws IOException {
    return SharedFiles.linkAll(
        libraries.jars(), settings.dataDir().resolveSibling("libraries-of-the-job"));
  }

  private List<String> arguments() throws IOException {
    List<String> options = new ArrayList<>(settings.jvmOptions());
    Path logging = SharedFiles.unpack("spark-log4j2.properties", settings.dataDir());
    options.add("-Dlog4j2.configurationFile=" + logging.toUri());
    options.add("-Dderby.system.home=" + settings.dataDir());
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--master", submission.master()));
    arguments.addAll(List.of("--driver-memory", settings.heapMb() + "m"));
    arguments.addAll(List.of("--driver-java-options", String.join(" ", options)));
    if (submission.propertiesFile().isPresent()) {
      Path copy = SharedFiles.copyInto(settings.dataDir(), submission.propertiesFile().get());
      arguments.addAll(List.of("--properties-file", copy.toString()));
    }
    conf().forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
    Path jar = SharedFiles.copyInto(settings.dataDir(), submission.jar());
    arguments.addAll(List.of("--class", submission.mainClass(), jar.toUri().toString()));
    arguments.addAll(submission.arguments());
    return arguments;
  }

  private Map<String, String> conf() throws IOException {
    Map<String, String> conf = new LinkedHashMap<>();
    conf.put("spark.driver.host", "127.0.0.1");
    conf.put("spark.driver.bindAddress", "127.0.0.1");
    conf.put("spark.ui.enabled", "false");
    Path local = Files.createDirectories(settings.dataDir().resolve("local"));
    conf.put("spark.local.dir", local.toString());
    conf.put("spark.sql.warehouse.dir", settings.dataDir().resolve("warehouse").toUri().toString());
    conf.put("spark.sql.ansi.enabled", "false");
    conf.putAll(submission.conf());
    conf.putAll(settings.overrides());
    return conf;
  }

  @Override
  boolean servesUntilStopped() {
    return false;
  }

  @Override
  boolean isReady() {
    return output().stream()
        .flatMap(output -> output.tail().stream())
        .anyMatch(line -> line.contains(started));
  }
}
