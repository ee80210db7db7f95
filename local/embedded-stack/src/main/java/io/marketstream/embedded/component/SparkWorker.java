package io.marketstream.embedded.component;

import java.util.List;

/** A worker of a Spark standalone cluster, with one core: it starts executors for applications. */
public interface SparkWorker extends Component {
  /** The executors that it runs now, for a test to end one. */
  List<ProcessHandle> executors();
}
