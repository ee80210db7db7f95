package io.marketstream.local.component;

/** A Spark application, run by {@code SparkSubmit}. Ready once it says {@code started}. */
public interface SparkJob extends Component {}
