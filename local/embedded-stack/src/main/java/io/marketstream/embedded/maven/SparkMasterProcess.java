package io.marketstream.embedded.maven;

import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.component.SparkMaster;
import io.marketstream.embedded.component.SparkRelease;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The master of a Spark standalone cluster, as a process. */
final class SparkMasterProcess extends ProcessComponent implements SparkMaster {
  private final SparkRelease release;

  SparkMasterProcess(
      ComponentSettings settings, ComponentClasspath classpath, SparkRelease release) {
    super(settings, classpath);
    this.release = release;
  }

  @Override
  public SparkRelease release() {
    return release;
  }

  @Override
  public String version() {
    return classpath.versionOf("spark-core");
  }

  @Override
  public String url() {
    return "spark://127.0.0.1:" + settings.port();
  }

  @Override
  Launch prepare() throws IOException {
    return new Launch(
        SparkSubmitProcess.jvmOptions(unpack("spark-log4j2.properties")),
        "org.apache.spark.deploy.master.Master",
        List.of(
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(settings.port()),
            "--webui-port",
            Integer.toString(FreePorts.next())));
  }

  @Override
  Map<String, String> environment() throws IOException {
    return SparkHome.layOut(settings.dataDir().resolve("spark-home"), classpath);
  }

  @Override
  boolean isReady() {
    return FreePorts.isServed(settings.port());
  }
}
