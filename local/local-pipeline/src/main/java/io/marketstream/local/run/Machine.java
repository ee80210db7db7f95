package io.marketstream.local.run;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Checks what a local pipeline needs from the machine, before anything starts. */
public final class Machine {
  /** What all components need at a modest rate, and some for the system. */
  private static final long NEEDED_MEMORY_MB = 4_096;

  private static final long FREE_MEMORY_MB = 2_500;

  /** An hour at 500 ticks/s takes about 300 MB. */
  private static final long FREE_DISK_MB = 2_048;

  private static final long MB = 1024 * 1024;
  private static final Path MEMINFO = Path.of("/proc/meminfo");

  private Machine() {}

  /**
   * Checks that the pipeline can run on this system.
   *
   * @throws UsageException if it cannot
   */
  public static void requireSupported() {
    if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows")) {
      throw new UsageException(
          "Windows is not supported: Cassandra 5 does not run on it. Use WSL 2, Linux or macOS");
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 1);
    } catch (IOException e) {
      throw new UsageException(
          "This machine has no address 127.0.0.1 ("
              + e.getMessage()
              + "), on which all components listen. Add it: ip addr add 127.0.0.1/8 dev lo",
          e);
    }
  }

  /**
   * Checks that native libraries can be loaded from a folder, as Kafka, Cassandra and Spark do.
   *
   * @throws UsageException if the folder is on a file system that is mounted noexec
   */
  static void requireExecutable(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, "probe", ".sh");
    try {
      Files.setPosixFilePermissions(probe, PosixFilePermissions.fromString("rwx------"));
      if (!Files.isExecutable(probe)) {
        throw new UsageException(
            "The data directory "
                + folder
                + " is on a file system that is mounted noexec, from which native libraries cannot"
                + " be loaded. Choose another with --data-dir");
      }
    } catch (UnsupportedOperationException e) {
      // This file system has no such permissions, so it cannot be checked.
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** Returns a warning for each scarce resource. */
  static List<String> warnings(Path dataDir) {
    List<String> warnings = new ArrayList<>();
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    memoryWarning(system.getTotalMemorySize() / MB, availableMb(system)).ifPresent(warnings::add);
    try {
      FileStore store = Files.getFileStore(dataDir);
      long freeMb = store.getUsableSpace() / MB;
      if (freeMb < FREE_DISK_MB) {
        warnings.add(
            "warning: "
                + freeMb
                + " MB of disk are free for "
                + dataDir
                + "; an hour at 500 ticks/s takes about 300 MB, the start alone some 200");
      }
    } catch (IOException e) {
      // The machine does not say how much is free.
    }
    return warnings;
  }

  /**
   * Returns a warning if memory is scarce.
   *
   * @param totalMb memory of the machine or container
   * @param availableMb what is free, or can be freed
   */
  static Optional<String> memoryWarning(long totalMb, long availableMb) {
    // A machine with 4 GB reports a little less.
    boolean small = totalMb < NEEDED_MEMORY_MB * 9 / 10;
    if (!small && availableMb >= FREE_MEMORY_MB) {
      return Optional.empty();
    }
    return Optional.of(
        "warning: the pipeline needs 4 GB of memory; "
            + (small
                ? "this machine or container has " + totalMb + " MB"
                : availableMb + " MB are free")
            + ". A component may be killed (exit code 137)");
  }

  private static long availableMb(OperatingSystemMXBean system) {
    // "Free" memory does not include what the system can free when needed.
    return meminfoAvailableMb().orElse(system.getTotalMemorySize() / MB);
  }

  private static OptionalLong meminfoAvailableMb() {
    if (!Files.isReadable(MEMINFO)) {
      return OptionalLong.empty();
    }
    try (Stream<String> lines = Files.lines(MEMINFO)) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
