package io.marketstream.spark;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.security.UserGroupInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hadoop's login, which Spark needs for every file system. It asks the system for the user's name,
 * and fails where the user id has none: in containers that run under any id.
 */
final class HadoopLogin {
  private static final Logger LOG = LoggerFactory.getLogger(HadoopLogin.class);

  /** What Java's login module says of a user id without a name. */
  private static final String NAMELESS = "invalid null input: name";

  private static final String FALLBACK = "market-stream";

  private HadoopLogin() {}

  /** Logs in under a substitute name if the system has none; otherwise changes nothing. */
  static void ensure() {
    try {
      UserGroupInformation.getCurrentUser();
    } catch (IOException | RuntimeException e) {
      if (isNameless(e)) {
        String name = substitute(System.getenv());
        UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(name));
        LOG.info("the user id has no name on this system: Hadoop and Spark call it {}", name);
      }
      // Any other failure comes again where the login is used, with its own words.
    }
  }

  /** The name that the environment gives, as Hadoop and Spark read it. */
  static String substitute(Map<String, String> environment) {
    for (String variable : new String[] {"HADOOP_USER_NAME", "SPARK_USER"}) {
      String name = environment.get(variable);
      if (name != null && !name.isBlank()) {
        return name;
      }
    }
    return FALLBACK;
  }

  static boolean isNameless(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains(NAMELESS)) {
        return true;
      }
    }
    return false;
  }
}
