package io.marketstream.embedded.maven;

import io.marketstream.embedded.child.ExitWithParent;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.JobSubmission;
import io.marketstream.embedded.component.SparkJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A Spark job as a process: {@code SparkSubmit} without a Spark installation. */
final class SparkSubmitProcess extends ProcessComponent implements SparkJob {
  /** The openings of Spark's own launcher on Java 17. */
  private static final List<String> OPENS =
      List.of(
          "java.base/java.io",
          "java.base/java.lang",
          "java.base/java.lang.invoke",
          "java.base/java.lang.reflect",
          "java.base/java.net",
          "java.base/java.nio",
          "java.base/java.util",
          "java.base/java.util.concurrent",
          "java.base/java.util.concurrent.atomic",
          "java.base/jdk.internal.ref",
          "java.base/sun.nio.ch",
          "java.base/sun.nio.cs",
          "java.base/sun.security.action",
          "java.base/sun.util.calendar",
          "java.security.jgss/sun.security.krb5");

  private final JobSubmission submission;
  private final Pattern started;

  SparkSubmitProcess(
      ComponentSettings settings, ComponentClasspath classpath, JobSubmission submission) {
    super(settings, classpath);
    this.submission = submission;
    // The job logs this line. What Spark logs about a query differs between releases.
    String job = submission.mainClass().substring(submission.mainClass().lastIndexOf('.') + 1);
    this.started = Pattern.compile("\\b" + Pattern.quote(job) + ": started ");
  }

  @Override
  public String version() {
    return classpath.versionOf("spark-core");
  }

  @Override
  Launch prepare() throws IOException {
    List<String> options = new ArrayList<>(jvmOptions(unpack("spark-log4j2.properties")));
    options.add("-Dderby.system.home=" + settings.dataDir());
    if (System.getProperty("user.name", "?").equals("?")) {
      options.add("-D" + ExitWithParent.HADOOP_USER_PROPERTY + "=market-stream");
    }
    return new Launch(options, "org.apache.spark.deploy.SparkSubmit", arguments());
  }

  @Override
  Map<String, String> environment() {
    // Spark would otherwise resolve the name of this machine, which does not always work.
    return Map.of("SPARK_LOCAL_IP", "127.0.0.1", "SPARK_LOCAL_HOSTNAME", "127.0.0.1");
  }

  /** Returns the JVM options that Spark needs on Java 17. */
  static List<String> jvmOptions(Path log4jConfiguration) {
    List<String> options = new ArrayList<>();
    options.add("-XX:+IgnoreUnrecognizedVMOptions");
    OPENS.forEach(name -> options.add("--add-opens=" + name + "=ALL-UNNAMED"));
    options.add("-Djdk.reflect.useDirectMethodHandle=false");
    options.add("-Dio.netty.tryReflectionSetAccessible=true");
    options.add("-Dlog4j2.configurationFile=" + log4jConfiguration.toUri());
    return options;
  }

  @Override
  boolean servesUntilStopped() {
    return false;
  }

  @Override
  boolean isReady() {
    return output().tail().stream().anyMatch(line -> started.matcher(line).find());
  }

  private List<String> arguments() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--master", submission.master()));
    submission
        .propertiesFile()
        .ifPresent(file -> arguments.addAll(List.of("--properties-file", file.toString())));
    conf().forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
    arguments.addAll(
        List.of("--class", submission.mainClass(), submission.jar().toUri().toString()));
    arguments.addAll(submission.arguments());
    return arguments;
  }

  private Map<String, String> conf() throws IOException {
    Map<String, String> conf = new LinkedHashMap<>();
    conf.put("spark.driver.host", "127.0.0.1");
    conf.put("spark.driver.bindAddress", "127.0.0.1");
    conf.put("spark.ui.enabled", "false");
    conf.put(
        "spark.local.dir", Files.createDirectories(settings.dataDir().resolve("local")).toString());
    conf.put("spark.sql.warehouse.dir", settings.dataDir().resolve("warehouse").toUri().toString());
    conf.put("spark.sql.ansi.enabled", "false");
    conf.putAll(submission.conf());
    conf.putAll(settings.overrides());
    return conf;
  }
}
