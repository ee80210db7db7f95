package io.marketstream.embedded.child;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs another main class, and ends the JVM once standard input closes.
 *
 * <p>The parent process holds the other end of the pipe and never writes to it. The pipe closes
 * when the parent is gone, also after {@code kill -9}.
 *
 * <p>This class uses no other class of this module but {@link RotatingLog}. The files of these two
 * classes are put in front of the class path of Kafka, Connect, Cassandra and Spark, and must add
 * nothing else.
 *
 * <p>Arguments: the main class to run, then its arguments. The shutdown hooks of the component have
 * {@value #TIMEOUT_PROPERTY} milliseconds (default 10,000). Then the JVM is halted.
 */
public final class ExitWithParent {
  /** System property: the timeout of an orderly exit, in milliseconds. */
  public static final String TIMEOUT_PROPERTY = "marketstream.exit.bound.ms";

  /** The exit code when the parent is gone; the same as after SIGTERM. */
  public static final int PARENT_GONE = 143;

  /**
   * System property: the user name for Hadoop's login. Without it, Hadoop asks the system, and
   * fails if the user id has no name.
   */
  public static final String HADOOP_USER_PROPERTY = "marketstream.hadoop.user";

  private ExitWithParent() {}

  /**
   * Starts to watch standard input, then runs the main class that the first argument names, on the
   * calling thread.
   */
  public static void main(String[] args) throws Throwable {
    if (args.length == 0) {
      throw new IllegalArgumentException("usage: ExitWithParent <main class> [argument ...]");
    }
    RotatingLog.install();
    daemon("exit-with-parent", ExitWithParent::watch);
    String user = System.getProperty(HADOOP_USER_PROPERTY);
    if (user != null) {
      logIn(user);
    }
    try {
      Class.forName(args[0])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static void logIn(String user) throws ReflectiveOperationException {
    Class<?> information = Class.forName("org.apache.hadoop.security.UserGroupInformation");
    Object named = information.getMethod("createRemoteUser", String.class).invoke(null, user);
    information.getMethod("setLoginUser", information).invoke(null, named);
  }

  private static void watch() {
    try {
      while (System.in.read() >= 0) {
        // The parent writes nothing.
      }
    } catch (IOException e) {
      // A broken pipe means the same as its end.
    }
    daemon("halt-after-bound", ExitWithParent::haltAfterTimeout);
    System.exit(PARENT_GONE);
  }

  private static void haltAfterTimeout() {
    try {
      Thread.sleep(Long.getLong(TIMEOUT_PROPERTY, 10_000));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(PARENT_GONE);
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
