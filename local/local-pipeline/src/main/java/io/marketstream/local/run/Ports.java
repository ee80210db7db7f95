package io.marketstream.local.run;

import io.marketstream.embedded.component.FreePorts;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The ports that a run needs for itself. */
final class Ports {
  private Ports() {}

  /**
   * @param needed port by the name of what listens there
   * @param request ends the waiting
   * @param afterKill whether the last run was killed, so that its parts may still be ending
   * @throws UserError naming the first port that is taken
   */
  static void requireFree(Map<String, Integer> needed, boolean afterKill, StopRequest request) {
    long end = System.nanoTime() + (afterKill ? LeftBehind.BOUND.toNanos() : 0);
    Optional<Map.Entry<String, Integer>> taken = taken(needed);
    while (taken.isPresent() && System.nanoTime() < end && !request.await(Duration.ofMillis(250))) {
      taken = taken(needed);
    }
    taken.ifPresent(
        entry -> {
          throw new UserError(
              "Port "
                  + entry.getValue()
                  + ", which "
                  + entry.getKey()
                  + " needs, is taken. End what listens on 127.0.0.1:"
                  + entry.getValue()
                  + " (lsof -i :"
                  + entry.getValue()
                  + " names it)");
        });
  }

  private static Optional<Map.Entry<String, Integer>> taken(Map<String, Integer> needed) {
    return needed.entrySet().stream()
        .filter(entry -> !FreePorts.isFree(entry.getValue()))
        .findFirst();
  }
}
