package io.marketstream.faults;

import io.marketstream.local.component.Component;
import java.time.Duration;
import java.util.List;

/** What befalls a process: killed, told to stop, frozen. */
final class FaultsOfComponents {
  private FaultsOfComponents() {}

  static List<Fault> of(String name, Component component) {
    return List.of(
        killed(name, component),
        toldToStop(name, component),
        frozen(name, component, Duration.ofSeconds(12)));
  }

  /** Started again at once: a supervisor does that. */
  static Fault killed(String name, Component component) {
    return new Fault(
        name + ": kill -9",
        () -> {
          component.kill();
          component.start();
        });
  }

  /** SIGTERM. */
  static Fault toldToStop(String name, Component component) {
    return new Fault(
        name + ": told to stop",
        () -> {
          component.stop();
          component.start();
        });
  }

  /** SIGSTOP for so long, then SIGCONT. */
  static Fault frozen(String name, Component component, Duration length) {
    return new Fault(
        name + ": frozen for " + length.toSeconds() + " s",
        () -> {
          component.suspend();
          try {
            Thread.sleep(length.toMillis());
          } finally {
            component.resume();
          }
        });
  }
}
