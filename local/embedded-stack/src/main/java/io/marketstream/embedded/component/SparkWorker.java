package io.marketstream.embedded.component;

import java.util.List;

/** A worker of a Spark standalone cluster. It starts the executors of jobs. */
public interface SparkWorker extends Component {
  /** Returns the executors that run now, so that a test can end one. */
  List<ProcessHandle> executors();
}
