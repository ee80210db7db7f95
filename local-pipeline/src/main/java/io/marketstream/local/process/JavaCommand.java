package io.marketstream.local.process;

import io.marketstream.local.child.ExitWithParent;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
 * @param environment added to the launcher's environment, from which feed credentials were removed
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

  public JavaCommand {
    jvmOptions = List.copyOf(jvmOptions);
    classpath = List.copyOf(classpath);
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /**
   * The command line, with the main class wrapped in {@link ExitWithParent}.
   *
   * @param childClasses the folder made by {@link #unpackChildClasses}
   */
  List<String> commandLine(Path childClasses) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(jvmOptions);
    line.add("-cp");
    line.add(
        childClasses
            + File.pathSeparator
            + classpath.stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)));
    line.add(ExitWithParent.class.getName());
    line.add(mainClass);
    line.addAll(arguments);
    return line;
  }

  /**
   * Copies the class file of {@link ExitWithParent} below {@code folder}, so that it comes without
   * the rest of us.
   */
  static Path unpackChildClasses(Path folder) {
    String resource = ExitWithParent.class.getName().replace('.', '/') + ".class";
    Path target = folder.resolve(resource);
    try (InputStream in = ExitWithParent.class.getClassLoader().getResourceAsStream(resource)) {
      Files.createDirectories(target.getParent());
      Path fresh = Files.createTempFile(target.getParent(), "exit", ".class");
      Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.move(
          fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + target, e);
    }
  }
}
