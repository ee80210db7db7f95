package io.marketstream.local.component;

/**
 * A Spark application, run by {@code SparkSubmit} with a local master. Ready once its query has
 * started.
 */
public interface SparkJob extends Component {}
