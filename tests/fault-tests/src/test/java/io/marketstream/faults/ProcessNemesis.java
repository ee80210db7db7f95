package io.marketstream.faults;

import io.marketstream.embedded.component.Component;
import java.time.Duration;
import java.util.List;

/** Kills, stops and freezes the process of a component. */
final class ProcessNemesis {
  private ProcessNemesis() {}

  static List<Fault> of(String name, Component component) {
    return List.of(
        killed(name, component),
        stopped(name, component),
        frozen(name, component, Duration.ofSeconds(12)));
  }

  /** SIGKILL. The process is started again at once, as by a supervisor. */
  static Fault killed(String name, Component component) {
    return new Fault(
        name + ": kill -9",
        () -> {
          component.kill();
          component.start();
        });
  }

  /** SIGTERM. The process is started again when it has ended. */
  static Fault stopped(String name, Component component) {
    return new Fault(
        name + ": SIGTERM",
        () -> {
          component.stop();
          component.start();
        });
  }

  /** SIGSTOP, and SIGCONT after this time. */
  static Fault frozen(String name, Component component, Duration length) {
    return new Fault(
        name + ": frozen for " + length.toSeconds() + " s",
        () -> {
          component.suspend();
          try {
            Thread.sleep(length.toMillis()); // the length of the fault
          } finally {
            component.resume();
          }
        });
  }
}
