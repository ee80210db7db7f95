package io.marketstream.embedded.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The environment and the JVM defaults of every child process: the same on every machine, whatever
 * locale, time zone, file encoding or Java variables the launcher has.
 */
final class ChildDefaults {
  /**
   * What a child inherits. Everything else is left out: variables like {@code _JAVA_OPTIONS},
   * {@code SPARK_LOCAL_DIRS} or {@code HADOOP_CONF_DIR} would change what runs, and credentials are
   * nobody's business.
   */
  private static final List<String> INHERITED =
      List.of("PATH", "HOME", "USER", "LOGNAME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH");

  /** UTF-8 locales, the plainest first: a JVM reads file names and arguments as its locale says. */
  private static final List<String> UTF8_LOCALES = List.of("C.UTF-8", "en_US.UTF-8");

  /** What a JVM takes for the name of a user id that the password file lacks. */
  static final String UNKNOWN_USER_NAME = "?";

  private static final String FALLBACK_USER_NAME = "market-stream";

  private ChildDefaults() {}

  /**
   * Options that come before those of the command, so that a command can change them.
   *
   * @param home stands for the user's home directory: nothing is read or left there
   * @param userName the launcher's {@code user.name}
   */
  static List<String> jvmOptions(Path home, String userName) {
    return List.of(
        "-Dfile.encoding=UTF-8",
        "-Duser.language=en",
        "-Duser.country=US",
        "-Duser.script=",
        "-Duser.variant=",
        "-Duser.timezone=UTC",
        "-Duser.home=" + home,
        "-Duser.name=" + userName(userName));
  }

  /** A user id without a name gets one: Hadoop's login, for one, demands it. */
  static String userName(String userName) {
    return userName.isEmpty() || userName.equals(UNKNOWN_USER_NAME) ? FALLBACK_USER_NAME : userName;
  }

  /**
   * The environment of a child, without what its command adds.
   *
   * @param launcher the launcher's own
   * @param temporary where its tools keep temporary files
   * @param utf8Locale a UTF-8 locale of this machine; empty where none is known, and the launcher's
   *     own is kept
   */
  static Map<String, String> environment(
      Map<String, String> launcher, Path temporary, Optional<String> utf8Locale) {
    Map<String, String> child = new LinkedHashMap<>();
    INHERITED.stream()
        .filter(launcher::containsKey)
        .forEach(name -> child.put(name, launcher.get(name)));
    if (utf8Locale.isPresent()) {
      child.put("LC_ALL", utf8Locale.get());
      child.put("LANG", utf8Locale.get());
    } else {
      launcher.forEach(
          (name, value) -> {
            if (name.startsWith("LC_") || name.equals("LANG")) {
              child.put(name, value);
            }
          });
    }
    child.put("TZ", "UTC");
    child.put("TMPDIR", temporary.toString());
    child.put("JAVA_HOME", System.getProperty("java.home"));
    return child;
  }

  /** A UTF-8 locale that this machine has; empty when it has no tool that tells. */
  static Optional<String> utf8Locale() {
    return Locales.UTF8;
  }

  /** Asked once: a machine does not lose its locales while we run. */
  private static final class Locales {
    private static final Optional<String> UTF8 =
        UTF8_LOCALES.stream().filter(Locales::isUtf8).findFirst();

    private static boolean isUtf8(String locale) {
      ProcessBuilder charmap = new ProcessBuilder("locale", "charmap");
      charmap.environment().put("LC_ALL", locale);
      charmap.redirectError(ProcessBuilder.Redirect.DISCARD);
      try {
        Process process = charmap.start();
        String answer =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        return process.waitFor(5, TimeUnit.SECONDS) && answer.equalsIgnoreCase("UTF-8");
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
