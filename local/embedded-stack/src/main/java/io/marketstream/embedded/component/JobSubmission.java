package io.marketstream.embedded.component;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Spark job to submit.
 *
 * @param release the release of Spark
 * @param master Spark's master, {@code local[2]}
 * @param jar the job's jar
 * @param mainClass its main class
 * @param propertiesFile Spark settings that are shipped with the job; ignored if the file is
 *     missing
 * @param conf Spark settings that replace those of the file ({@code --conf})
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
