package io.marketstream.local.maven;

import io.marketstream.local.component.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A port that a component needs for itself and nobody else is told. It stays the same over
 * restarts, because the component writes it into its data, unless another process has taken it
 * meanwhile.
 */
final class PrivatePort {
  private PrivatePort() {}

  /**
   * @param file remembers the port
   */
  static int rememberedIn(Path file) throws IOException {
    if (Files.exists(file)) {
      int port = Integer.parseInt(Files.readString(file).strip());
      if (FreePorts.isFree(port)) {
        return port;
      }
    }
    int port = FreePorts.next();
    Files.writeString(file, Integer.toString(port));
    return port;
  }
}
