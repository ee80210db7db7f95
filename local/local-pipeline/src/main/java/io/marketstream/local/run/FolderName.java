package io.marketstream.local.run;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Says before anything starts that a folder's name cannot be used. Some characters separate names
 * from each other: {@code :} in a class path, {@code ,} in Kafka's {@code log.dirs}. Others are
 * patterns or quotes for one of the components.
 */
public final class FolderName {
  private static final String UNUSABLE = ":;,!*?[]{}<>|\\\"`$";

  private FolderName() {}

  /**
   * @param what whose name it is, for the message
   * @param advice what to do about it
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

  /** Command lines of children are written in the one, file names in the other. */
  private static boolean namesAreUtf8() {
    return Charset.defaultCharset().equals(StandardCharsets.UTF_8)
        && "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));
  }
}
