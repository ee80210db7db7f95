package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltJarTest {
  @TempDir Path root;

  @Test
  void sourcesAndOtherVersionsAreNotTheJar() throws Exception {
    Files.writeString(
        root.resolve("pom.xml"),
        "<project>\n  <version>0.2.0</version>\n  <x><version>9</version></x></project>");
    Path target = Files.createDirectories(root.resolve("spark-job/target"));
    for (String name : new String[] {"0.1.0", "0.2.0-sources", "0.2.0-javadoc", "0.3.0"}) {
      Files.writeString(target.resolve("spark-job-" + name + ".jar"), "");
    }
    assertThatThrownBy(() -> BuiltJar.of(root, "spark-job"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("spark-job-0.2.0.jar")
        .hasMessageContaining("mvn");

    Path jar = Files.writeString(target.resolve("spark-job-0.2.0.jar"), "");
    assertThat(BuiltJar.of(root, "spark-job")).isEqualTo(jar);
  }
}
