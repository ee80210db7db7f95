package io.marketstream.embedded.component;

/** A Spark job, run by {@code SparkSubmit}. It is ready once it logs {@code started}. */
public interface SparkJob extends Component {}
