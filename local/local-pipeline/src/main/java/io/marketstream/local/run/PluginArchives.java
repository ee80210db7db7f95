package io.marketstream.local.run;

import io.marketstream.embedded.maven.Installation;
import io.marketstream.embedded.process.ComponentException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Finds and unpacks the plugin zips of the connectors. */
public final class PluginArchives {
  private PluginArchives() {}

  /**
   * Unpacks the plugins of all feeds into a folder, and removes what it held before. A worker would
   * otherwise choose the highest version that it finds, whichever was built last.
   *
   * @param root the repository's root, or the folder of an unpacked release
   * @throws ComponentException if a zip is missing
   * @throws UsageException if the folder cannot be written
   */
  static void installAll(Path root, Path folder) {
    try {
      FileTree.delete(folder);
    } catch (IOException e) {
      throw new UsageException("Cannot empty " + folder + ": " + e.getMessage(), e);
    }
    List<Path> zips = Stream.of(Feed.values()).map(feed -> find(root, feed)).toList();
    for (Path zip : zips) {
      try {
        unpack(zip, folder);
      } catch (IOException e) {
        throw new UsageException(
            "Cannot unpack " + zip + " to " + folder + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * Returns the zip of a connector module.
   *
   * @param root the repository's root, or the folder of an unpacked release
   * @throws ComponentException if there is no zip
   */
  public static Path find(Path root, Feed feed) {
    return Installation.at(root).pluginZip(feed.module());
  }

  /**
   * Unpacks a zip into {@code folder}, and first removes what an earlier unpacking left there.
   *
   * @throws IOException if it cannot be read or written, or an entry points outside the folder
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
