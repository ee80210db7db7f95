package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.embedded.process.ComponentException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginArchivesTest {
  @TempDir Path folder;

  @Test
  void aZipIsUnpackedWithItsFolder() throws Exception {
    PluginArchives.unpack(
        zip("p-1.zip", "p-1/lib/a.jar", "p-1/manifest.json"), folder.resolve("plugins"));

    assertThat(folder.resolve("plugins/p-1/lib/a.jar")).hasContent("p-1/lib/a.jar");
    assertThat(folder.resolve("plugins/p-1/manifest.json")).exists();
  }

  @Test
  void aJarOfAnEarlierBuildDoesNotStay() throws Exception {
    PluginArchives.unpack(zip("p-1.zip", "p-1/lib/old.jar"), folder.resolve("plugins"));

    PluginArchives.unpack(zip("p-1.zip", "p-1/lib/new.jar"), folder.resolve("plugins"));

    assertThat(folder.resolve("plugins/p-1/lib")).isDirectoryNotContaining("glob:**old.jar");
    assertThat(folder.resolve("plugins/p-1/lib/new.jar")).exists();
  }

  @Test
  void anEntryThatPointsOutOfTheFolderIsRefused() throws Exception {
    Path zip = zip("p-1.zip", "../outside.txt");

    assertThatThrownBy(() -> PluginArchives.unpack(zip, folder.resolve("plugins")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("outside its folder");
    assertThat(folder.resolve("outside.txt")).doesNotExist();
  }

  @Test
  void aModuleThatWasNotBuiltIsNamed() throws IOException {
    Files.writeString(folder.resolve("pom.xml"), "<project><version>0.2.0</version></project>");
    assertThatThrownBy(() -> PluginArchives.find(folder, Feed.FINNHUB))
        .isInstanceOf(ComponentException.class)
        .hasMessageContaining("finnhub-source-connector")
        .hasMessageContaining("mvn");
  }

  private Path zip(String name, String... entries) throws IOException {
    Path zip = folder.resolve(name);
    try (OutputStream file = Files.newOutputStream(zip);
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (String entry : entries) {
        out.putNextEntry(new ZipEntry(entry));
        out.write(entry.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        out.closeEntry();
      }
    }
    return zip;
  }
}
