package io.marketstream.pipeline.containers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Files of this machine that containers read. */
final class SharedFiles {
  /** Where embedded-stack has the logging of its processes. */
  private static final String RESOURCES = "io/marketstream/embedded/maven/";

  private SharedFiles() {}

  /** Lets everyone read a folder with its content, whatever the umask of this machine. */
  static void makeReadable(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        permissions.add(PosixFilePermission.GROUP_READ);
        permissions.add(PosixFilePermission.OTHERS_READ);
        if (Files.isDirectory(file)) {
          permissions.add(PosixFilePermission.GROUP_EXECUTE);
          permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        Files.setPosixFilePermissions(file, permissions);
      }
    }
  }

  /** Returns the owner of a file as {@code user:group}, both as numbers. */
  static String ownerOf(Path file) throws IOException {
    return Files.getAttribute(file, "unix:uid") + ":" + Files.getAttribute(file, "unix:gid");
  }

  /** Copies a logging configuration of embedded-stack into a folder. */
  static Path unpack(String resource, Path folder) throws IOException {
    Path target = folder.resolve(resource);
    try (InputStream in =
        SharedFiles.class.getClassLoader().getResourceAsStream(RESOURCES + resource)) {
      Files.copy(Objects.requireNonNull(in, resource), target, StandardCopyOption.REPLACE_EXISTING);
    }
    return target;
  }

  /** Copies a file into a folder, under its name. */
  static Path copyInto(Path folder, Path file) throws IOException {
    return Files.copy(
        file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Puts all files into one folder, as links where the file system allows it. */
  static Path linkAll(List<Path> files, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Path file : files) {
      Path target = folder.resolve(file.getFileName());
      if (!Files.exists(target)) {
        link(file, target);
      }
    }
    return folder;
  }

  private static void link(Path file, Path target) throws IOException {
    try {
      Files.createLink(target, file);
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING); // for example on another disk
    }
  }
}
