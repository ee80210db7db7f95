package io.marketstream.local.component;

import java.nio.file.Path;

/**
 * What a worker needs beside its {@link ComponentSettings}.
 *
 * @param workerProperties the file it starts from ({@code
 *     connect-configs/connect-distributed.properties}); the settings' overrides are put over it
 * @param bootstrapServers the broker
 * @param pluginPath the folder of unpacked plugin zips
 */
public record ConnectSetup(Path workerProperties, String bootstrapServers, Path pluginPath) {}
