package io.marketstream.embedded.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.embedded.process.ComponentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
  @TempDir Path root;

  @Test
  void sourcesAndOtherVersionsAreNotTheJar() throws Exception {
    write("pom.xml", "<project>\n  <version>0.2.0</version>\n  <x><version>9</version></x>");
    for (String name : new String[] {"0.1.0", "0.2.0-sources", "0.2.0-javadoc", "0.3.0"}) {
      write("spark-job/target/spark-job-" + name + ".jar", "");
    }
    assertThatThrownBy(() -> Installation.at(root).jar("spark-job"))
        .isInstanceOf(ComponentException.class)
        .hasMessageContaining("spark-job-0.2.0.jar")
        .hasMessageContaining("mvn");

    Path jar = write("spark-job/target/spark-job-0.2.0.jar", "");
    assertThat(Installation.at(root).jar("spark-job")).isEqualTo(jar);
    assertThat(Installation.at(root).isRelease()).isFalse();
  }

  @Test
  void aReleaseHasItsJarsInOneFolder() throws Exception {
    write("VERSION", "0.2.0\n");
    Path job = write("lib/spark-job-0.2.0.jar", "");
    Path library = write("lib/library-1.jar", "");
    Path zip = write("plugins/marketstream-finnhub-source-connector-0.2.0.zip", "");
    write("classpaths/local-pipeline.txt", "../lib/library-1.jar:../lib/spark-job-0.2.0.jar\n");

    Installation installation = Installation.at(root);
    assertThat(installation.isRelease()).isTrue();
    assertThat(installation.jar("spark-job")).isEqualTo(job);
    assertThat(installation.pluginZip("finnhub-source-connector")).isEqualTo(zip);
    assertThat(installation.classpath("local/local-pipeline").jars()).containsExactly(library, job);
  }

  @Test
  void aMissingFileOfAReleaseNeedsNoBuild() throws Exception {
    write("VERSION", "0.2.0\n");

    assertThatThrownBy(() -> Installation.at(root).jar("spark-job"))
        .isInstanceOf(ComponentException.class)
        .hasMessageContaining("lib/spark-job-0.2.0.jar")
        .hasMessageContaining("Unpack the release again");
  }

  private Path write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }
}
