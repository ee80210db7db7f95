package io.marketstream.embedded.maven;

import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.component.SparkMaster;
import io.marketstream.embedded.component.SparkWorker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A worker of a Spark standalone cluster, as a process. Executors are its child processes. */
final class SparkWorkerProcess extends ProcessComponent implements SparkWorker {
  private final SparkMaster master;
  private final int cores;

  SparkWorkerProcess(
      ComponentSettings settings, ComponentClasspath classpath, SparkMaster master, int cores) {
    super(settings.dependingOn(master), classpath);
    this.master = master;
    this.cores = cores;
  }

  @Override
  public String version() {
    return classpath.versionOf("spark-core");
  }

  @Override
  public List<ProcessHandle> executors() {
    return pid().stream()
        .mapToObj(ProcessHandle::of)
        .flatMap(Optional::stream)
        .flatMap(ProcessHandle::children)
        .filter(ProcessHandle::isAlive)
        .toList();
  }

  @Override
  Launch prepare() throws IOException {
    return new Launch(
        SparkSubmitProcess.jvmOptions(unpack("spark-log4j2.properties")),
        "org.apache.spark.deploy.worker.Worker",
        List.of(
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(settings.port()),
            "--webui-port",
            Integer.toString(FreePorts.next()),
            "--cores",
            Integer.toString(cores),
            "--memory",
            "2g",
            "--work-dir",
            settings.dataDir().resolve("work").toString(),
            master.url()));
  }

  @Override
  Map<String, String> environment() throws IOException {
    return SparkHome.layOut(settings.dataDir().resolve("spark-home"), classpath);
  }

  @Override
  boolean isReady() {
    return output().tail().stream()
        .anyMatch(line -> line.contains("Successfully registered with master"));
  }
}
