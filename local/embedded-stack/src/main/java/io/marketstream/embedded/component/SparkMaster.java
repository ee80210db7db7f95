package io.marketstream.embedded.component;

/** The master of a Spark standalone cluster on this machine. */
public interface SparkMaster extends Component {
  /** Returns the URL for {@code --master}. */
  String url();

  SparkRelease release();
}
