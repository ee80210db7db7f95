package io.marketstream.embedded.component;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What to submit.
 *
 * @param release which Spark
 * @param master Spark's master, {@code local[2]}
 * @param jar the job's jar
 * @param mainClass its main class
 * @param propertiesFile Spark settings shipped with the job; used when the file exists
 * @param conf Spark settings put over it ({@code --conf})
 * @param arguments the job's own options
 */
public record JobSubmission(
    SparkRelease release,
    String master,
    Path jar,
    String mainClass,
    Optional<Path> propertiesFile,
    Map<String, String> conf,
    List<String> arguments) {

  public JobSubmission {
    propertiesFile = propertiesFile.filter(Files::exists);
    conf = new TreeMap<>(conf);
    arguments = List.copyOf(arguments);
  }
}
