package io.marketstream.embedded.start;

import java.util.Set;

/**
 * A step of a start-up that is not a component, for example creating tables.
 *
 * @param name the name for messages
 * @param dependencies what must have started before the step runs
 * @param work what the step does
 * @param undo what stopping it does
 */
public record Step(String name, Set<Startable> dependencies, Runnable work, Runnable undo)
    implements Startable {

  public Step {
    dependencies = Set.copyOf(dependencies);
  }

  /** Returns a step that needs no stop. */
  public static Step of(String name, Runnable work, Startable... dependencies) {
    return new Step(name, Set.of(dependencies), work, () -> {});
  }

  /** Returns the same step with something to do when it is stopped. */
  public Step undoneBy(Runnable stop) {
    return new Step(name, dependencies, work, stop);
  }

  @Override
  public void start() {
    work.run();
  }

  @Override
  public void stop() {
    undo.run();
  }
}
