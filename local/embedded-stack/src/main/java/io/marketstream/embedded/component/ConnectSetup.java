package io.marketstream.embedded.component;

import java.nio.file.Path;

/**
 * The settings of a Connect worker, besides its {@link ComponentSettings}.
 *
 * @param release the release of Kafka Connect
 * @param mode the mode for which {@code workerProperties} is written
 * @param workerProperties the file it starts from ({@code
 *     connect-configs/connect-distributed.properties}); the overrides of the settings replace it
 * @param bootstrapServers the addresses of the brokers
 * @param pluginPath the folder of unpacked plugin zips
 */
public record ConnectSetup(
    ConnectRelease release,
    ConnectMode mode,
    Path workerProperties,
    String bootstrapServers,
    Path pluginPath) {

  /** Returns the settings of a distributed worker of the newest release. */
  public static ConnectSetup distributed(
      Path workerProperties, String bootstrapServers, Path pluginPath) {
    return new ConnectSetup(
        ConnectRelease.NEWEST,
        ConnectMode.DISTRIBUTED,
        workerProperties,
        bootstrapServers,
        pluginPath);
  }
}
