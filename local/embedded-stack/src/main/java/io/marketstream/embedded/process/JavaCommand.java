package io.marketstream.embedded.process;

import io.marketstream.embedded.child.ExitWithParent;
import io.marketstream.embedded.child.RotatingLog;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The command line and environment of a JVM.
 *
 * <p>Put secrets into {@code environment}: every user of the machine can read a command line.
 *
 * @param name the name of the process in messages
 * @param jvmOptions heap, system properties, module openings
 * @param classpath absolute paths of jars and folders, in order
 * @param mainClass the class whose {@code main} runs
 * @param arguments its arguments
 * @param environment variables besides those of {@link ChildDefaults}
 * @param workingDirectory where it starts; must exist
 * @param log receives stdout and stderr, appended; {@link RotatingLog} bounds it
 */
public record JavaCommand(
    String name,
    List<String> jvmOptions,
    List<Path> classpath,
    String mainClass,
    List<String> arguments,
    Map<String, String> environment,
    Path workingDirectory,
    Path log) {

  private static final String TEMPORARY = "-Djava.io.tmpdir=";

  public JavaCommand {
    jvmOptions = List.copyOf(jvmOptions);
    classpath = List.copyOf(classpath);
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /**
   * Returns the command line, which runs the main class in {@link ExitWithParent}.
   *
   * @param childJar the jar that {@link #packChildClasses} wrote
   */
  List<String> commandLine(Path childJar) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(ChildDefaults.jvmOptions(workingDirectory, System.getProperty("user.name", "")));
    line.add("-D" + RotatingLog.FILE_PROPERTY + "=" + log.toAbsolutePath());
    line.addAll(jvmOptions);
    line.add("-cp");
    line.add(
        childJar
            + File.pathSeparator
            + classpath.stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)));
    line.add(ExitWithParent.class.getName());
    line.add(mainClass);
    line.addAll(arguments);
    return line;
  }

  /** Returns the folder for temporary files, from the last JVM option that sets it. */
  Path temporary() {
    return jvmOptions.stream()
        .filter(option -> option.startsWith(TEMPORARY))
        .reduce((earlier, later) -> later)
        .map(option -> Path.of(option.substring(TEMPORARY.length())))
        .orElse(workingDirectory);
  }

  /**
   * Writes a jar that contains only {@link ExitWithParent} and {@link RotatingLog}, so that the
   * class path of the child gets no other class of this module. Does not replace an equal jar.
   *
   * @return the jar
   */
  static Path packChildClasses(Path folder) {
    Path jar = folder.resolve("exit-with-parent.jar");
    try {
      byte[] content = childJar();
      if (!Files.exists(jar) || !Arrays.equals(content, Files.readAllBytes(jar))) {
        Files.createDirectories(folder);
        Path fresh = Files.createTempFile(folder, "exit-with-parent", ".tmp");
        Files.write(fresh, content);
        Files.move(fresh, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + jar, e);
    }
  }

  private static byte[] childJar() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Class<?> type : List.of(ExitWithParent.class, RotatingLog.class)) {
        String resource = type.getName().replace('.', '/') + ".class";
        ZipEntry entry = new ZipEntry(resource);
        entry.setTimeLocal(LocalDateTime.of(2000, 1, 1, 0, 0));
        out.putNextEntry(entry);
        try (InputStream in = type.getClassLoader().getResourceAsStream(resource)) {
          in.transferTo(out);
        }
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
