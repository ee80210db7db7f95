package io.marketstream.embedded.component;

import java.nio.file.Path;

/**
 * What a worker needs beside its {@link ComponentSettings}.
 *
 * @param release which Connect
 * @param mode for which {@code workerProperties} are written
 * @param workerProperties the file it starts from ({@code
 *     connect-configs/connect-distributed.properties}); the settings' overrides are put over it
 * @param bootstrapServers the broker
 * @param pluginPath the folder of unpacked plugin zips
 */
public record ConnectSetup(
    ConnectRelease release,
    ConnectMode mode,
    Path workerProperties,
    String bootstrapServers,
    Path pluginPath) {

  /** A distributed worker of the newest release. */
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
