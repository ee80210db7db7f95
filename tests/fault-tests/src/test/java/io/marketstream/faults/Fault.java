package io.marketstream.faults;

/**
 * Something that goes wrong with one part of the pipeline, and is over when {@link #strike()}
 * returns.
 *
 * @param kind what it is called in the report: the part and what happens to it
 */
record Fault(String kind, Strike strike) {

  /** What happens; it may take its time. */
  interface Strike {
    void strike() throws InterruptedException;
  }
}
