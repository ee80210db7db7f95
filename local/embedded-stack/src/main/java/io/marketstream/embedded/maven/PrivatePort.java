package io.marketstream.embedded.maven;

import io.marketstream.embedded.component.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.OptionalInt;

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
    OptionalInt remembered = read(file);
    return remembered.isPresent() && FreePorts.isFree(remembered.getAsInt())
        ? remembered.getAsInt()
        : remember(file, FreePorts.next());
  }

  /**
   * The port that a ring's nodes share. It is kept even while one of them uses it.
   *
   * @param file remembers the port
   * @param hosts where a new port must be free
   */
  static int sharedIn(Path file, List<String> hosts) throws IOException {
    OptionalInt remembered = read(file);
    return remembered.isPresent() ? remembered.getAsInt() : remember(file, FreePorts.next(hosts));
  }

  /** Empty where there is no file, or one that a full disk or a power loss left without a port. */
  private static OptionalInt read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return OptionalInt.empty();
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII);
    try {
      int port = Integer.parseInt(text.strip());
      return port > 0 && port < 65_536 ? OptionalInt.of(port) : OptionalInt.empty();
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /** Whoever reads the file finds the old port or the new one, never half of one. */
  private static int remember(Path file, int port) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, Integer.toString(port));
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return port;
  }
}
