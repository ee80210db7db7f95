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

/** What a local pipeline needs of the machine: checked before anything starts. */
public final class Machine {
  /** What all components together take at a modest rate, and something for the system. */
  private static final long NEEDED_MEMORY_MB = 4_096;

  private static final long FREE_MEMORY_MB = 2_500;

  /** An hour at 500 ticks/s takes about 300 MB. */
  private static final long FREE_DISK_MB = 2_048;

  private static final long MB = 1024 * 1024;
  private static final Path MEMINFO = Path.of("/proc/meminfo");

  private Machine() {}

  /**
   * @throws UsageException on a system where the pipeline cannot run at all
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
   * Kafka, Cassandra and Spark load native libraries from their folders.
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
      // A file system without such permissions has no say in it.
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** What is scarce, a line each; empty when there is enough of everything. */
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
      // Nobody is warned of what the machine does not tell.
    }
    return warnings;
  }

  /** Both in MB; the total is that of the container where there is one. */
  static Optional<String> memoryWarning(long totalMb, long availableMb) {
    // A machine of 4 GB tells a little less.
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
    // What is called free leaves out what the system gives back when it is asked to.
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
