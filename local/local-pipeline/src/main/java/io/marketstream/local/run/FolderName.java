package io.marketstream.local.run;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Checks that all components can use the name of a folder. Some characters are separators, such as
 * {@code :} in a class path and {@code ,} in Kafka's {@code log.dirs}. Others are patterns or
 * quotes.
 */
public final class FolderName {
  private static final String UNUSABLE = ":;,!*?[]{}<>|\\\"`$";

  private FolderName() {}

  /**
   * Checks the name of a folder.
   *
   * @param what what the folder is, for the message
   * @param advice what to do, for the message
   * @throws UsageException naming the character that cannot be used
   */
  public static void require(String what, Path folder, String advice) {
    String name = folder.toString();
    for (int i = 0; i < name.length(); i++) {
      char character = name.charAt(i);
      if (character == '\uFFFD') {
        throw new UsageException(
            what
                + " "
                + name
                + " has a name that is not in the encoding of this locale. Set LC_ALL to a UTF-8"
                + " locale, or "
                + advice);
      }
      if (UNUSABLE.indexOf(character) >= 0 || Character.isISOControl(character)) {
        throw new UsageException(
            what
                + " "
                + name.replaceAll("\\p{Cntrl}", "?")
                + " has a name with "
                + (Character.isISOControl(character)
                    ? "a control character"
                    : "the character " + character)
                + ", which Kafka, Spark or Java cannot use. To go on, "
                + advice);
      }
    }
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(name) && !namesAreUtf8()) {
      throw new UsageException(
          what
              + " "
              + name
              + " has letters outside ASCII, and this JVM does not use UTF-8 for names. Set LC_ALL"
              + " to a UTF-8 locale such as C.UTF-8, or "
              + advice);
    }
  }

  /** Command lines of child processes use the first encoding, and file names the second. */
  private static boolean namesAreUtf8() {
    return Charset.defaultCharset().equals(StandardCharsets.UTF_8)
        && "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));
  }
}
