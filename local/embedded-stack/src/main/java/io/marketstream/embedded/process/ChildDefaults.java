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
 * The environment and JVM options of every child process. They do not depend on the locale, time
 * zone, file encoding or Java variables of the parent.
 */
final class ChildDefaults {
  /**
   * The variables that a child inherits. Others, such as {@code _JAVA_OPTIONS} or {@code
   * SPARK_LOCAL_DIRS}, would change what runs. Credentials must not reach a child either.
   */
  private static final List<String> INHERITED =
      List.of("PATH", "HOME", "USER", "LOGNAME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH");

  /** UTF-8 locales, in order of preference. The locale decides how a JVM decodes file names. */
  private static final List<String> UTF8_LOCALES = List.of("C.UTF-8", "en_US.UTF-8");

  /** The {@code user.name} of a JVM if the user id has no name. */
  static final String UNKNOWN_USER_NAME = "?";

  private static final String FALLBACK_USER_NAME = "market-stream";

  private ChildDefaults() {}

  /**
   * Returns JVM options that come before those of the command, so that the command can replace
   * them.
   *
   * @param home replaces the user's home directory, so that nothing is read or written there
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

  /** Returns a name also for a user id without one, because Hadoop's login needs it. */
  static String userName(String userName) {
    return userName.isEmpty() || userName.equals(UNKNOWN_USER_NAME) ? FALLBACK_USER_NAME : userName;
  }

  /**
   * Returns the environment of a child, without the variables of its command.
   *
   * @param launcher the environment of the parent
   * @param temporary the folder for temporary files
   * @param utf8Locale a UTF-8 locale of this machine; if empty, the child gets the parent's locale
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

  /** Returns a UTF-8 locale of this machine, or empty if none is known. */
  static Optional<String> utf8Locale() {
    return Locales.UTF8;
  }

  /** Asks the machine once, because its locales do not change while we run. */
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
