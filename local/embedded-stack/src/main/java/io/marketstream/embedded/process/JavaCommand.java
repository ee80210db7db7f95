package io.marketstream.embedded.process;

import io.marketstream.embedded.child.ExitWithParent;
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
 * A JVM to start: everything that goes on its command line and into its environment.
 *
 * <p>Secrets belong in {@code environment}; a command line is readable by every user of the
 * machine.
 *
 * @param name what the process is called in messages
 * @param jvmOptions heap, system properties, module openings
 * @param classpath absolute paths of jars and folders, in order
 * @param mainClass the class whose {@code main} runs
 * @param arguments its arguments
 * @param environment added to the few variables that every child has ({@link ChildDefaults})
 * @param workingDirectory where it starts; must exist
 * @param log receives stdout and stderr, appended
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
   * The command line, with the main class wrapped in {@link ExitWithParent}.
   *
   * @param childJar made by {@link #packChildClasses}
   */
  List<String> commandLine(Path childJar) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(ChildDefaults.jvmOptions(workingDirectory, System.getProperty("user.name", "")));
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

  /** Where the process keeps temporary files: what the last such option says. */
  Path temporary() {
    return jvmOptions.stream()
        .filter(option -> option.startsWith(TEMPORARY))
        .reduce((earlier, later) -> later)
        .map(option -> Path.of(option.substring(TEMPORARY.length())))
        .orElse(workingDirectory);
  }

  /**
   * Puts {@link ExitWithParent} into a jar of its own below {@code folder}, so that it comes
   * without the rest of us. An equal jar that is there already is left as it is.
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
    String resource = ExitWithParent.class.getName().replace('.', '/') + ".class";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream in = ExitWithParent.class.getClassLoader().getResourceAsStream(resource);
        ZipOutputStream out = new ZipOutputStream(bytes)) {
      ZipEntry entry = new ZipEntry(resource);
      entry.setTimeLocal(LocalDateTime.of(2000, 1, 1, 0, 0));
      out.putNextEntry(entry);
      in.transferTo(out);
      out.closeEntry();
    }
    return bytes.toByteArray();
  }
}
