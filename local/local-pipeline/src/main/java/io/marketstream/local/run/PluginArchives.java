package io.marketstream.local.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Unpacks the plugin zips that the build made, as a user does by hand. */
public final class PluginArchives {
  private PluginArchives() {}

  /**
   * The zip of a connector module.
   *
   * @throws UsageException when there is none or more than one
   */
  public static Path find(Path root, Feed feed) {
    Path target = root.resolve(feed.module()).resolve("target");
    List<Path> zips = new ArrayList<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(target, "marketstream-" + feed.module() + "-*.zip")) {
      found.forEach(zips::add);
    } catch (IOException e) {
      throw new UsageException(
          "There is no plugin zip in " + target + ". Build it: mvn -DskipTests package", e);
    }
    if (zips.size() != 1) {
      throw new UsageException(
          zips.size()
              + " plugin zips in "
              + target
              + ", one is needed. Build again: mvn -DskipTests clean package");
    }
    return zips.get(0);
  }

  /**
   * Unpacks a zip below {@code folder}; what an earlier unpacking left there is removed first.
   *
   * @throws IOException when it cannot be read or written, or an entry points out of the folder
   */
  public static void unpack(Path zip, Path folder) throws IOException {
    String name = zip.getFileName().toString();
    FileTree.delete(folder.resolve(name.substring(0, name.length() - ".zip".length())));
    Path home = Files.createDirectories(folder).toRealPath();
    try (InputStream in = Files.newInputStream(zip);
        ZipInputStream entries = new ZipInputStream(in)) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        Path target = home.resolve(entry.getName()).normalize();
        if (!target.startsWith(home)) {
          throw new IOException(zip + " has an entry outside its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(entries, target);
        }
      }
    }
  }
}
