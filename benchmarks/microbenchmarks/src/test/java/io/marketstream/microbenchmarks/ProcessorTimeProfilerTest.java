package io.marketstream.microbenchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.IterationResultMetaData;
import org.openjdk.jmh.results.Result;

class ProcessorTimeProfilerTest {
  private final ProcessorTimeProfiler profiler = new ProcessorTimeProfiler();

  private Collection<? extends Result<?>> after(long operations) {
    return profiler.afterIteration(
        null,
        null,
        new IterationResult(null, null, new IterationResultMetaData(operations, operations)));
  }

  @Test
  void theFigureIsTheProcessorTimeOfOneOperation() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long used = TimeUnit.MILLISECONDS.toNanos(200);
    profiler.beforeIteration(null, null);
    long end = threads.getCurrentThreadCpuTime() + used;
    while (threads.getCurrentThreadCpuTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(after(100).iterator().next().getScore())
        .isBetween(used / 100.0 * 0.9, used / 100.0 * 20);
  }

  @Test
  void anIterationWithoutOperationsHasNoFigure() {
    profiler.beforeIteration(null, null);
    assertThat(after(0)).isEmpty();
  }
}
