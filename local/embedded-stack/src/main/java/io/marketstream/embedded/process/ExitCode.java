package io.marketstream.embedded.process;

/** Describes exit codes of processes. */
public final class ExitCode {
  private static final int KILLED = 137;
  private static final int TERMINATED = 143;

  private ExitCode() {}

  /** Returns the code, and what it usually means if a signal ended the process. */
  public static String describe(int code) {
    return switch (code) {
      case KILLED ->
          code
              + " (killed with SIGKILL. If you did not do that, the system was out of memory: 4 GB"
              + " are needed, and the kernel's log, dmesg, names the process)";
      case TERMINATED -> code + " (ended with SIGTERM by somebody else)";
      default -> Integer.toString(code);
    };
  }
}
