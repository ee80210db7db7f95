package io.marketstream.faults;

/**
 * Something that goes wrong with one part of the pipeline.
 *
 * @param name as the report has it: the part, and what happens to it
 * @param injection ends when the fault is over
 */
record Fault(String name, Injection injection) {

  /** Injects a fault and ends it. */
  @FunctionalInterface
  interface Injection {
    void run() throws InterruptedException;
  }

  /** Injects the fault. Returns when the fault is over. */
  void inject() throws InterruptedException {
    injection.run();
  }
}
