package io.marketstream.spark.run;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.security.UserGroupInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs in to Hadoop, which Spark needs for every file system.
 *
 * <p>Hadoop's own login asks the operating system for the user's name. It fails if the user id has
 * no name, as in containers that run under an arbitrary id.
 */
final class HadoopLogin {
  private static final Logger LOG = LoggerFactory.getLogger(HadoopLogin.class);

  /** The message of Java's login module for a user id without a name. */
  private static final String NAMELESS = "invalid null input: name";

  private static final String FALLBACK = "market-stream";

  private HadoopLogin() {}

  /** Logs in under a substitute name if the user id has no name. Otherwise it changes nothing. */
  static void ensure() {
    try {
      UserGroupInformation.getCurrentUser();
    } catch (IOException | RuntimeException e) {
      if (isNameless(e)) {
        String name = substitute(System.getenv());
        UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(name));
        LOG.info("the user id has no name on this system: Hadoop and Spark call it {}", name);
      }
      // Any other failure occurs again where the login is used, with a better message.
    }
  }

  /** Returns the name from the environment variables that Hadoop and Spark read. */
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
