package io.marketstream.spark;

import io.marketstream.spark.run.JobCommand;
import io.marketstream.spark.run.JobRunner;
import io.marketstream.spark.run.ProcessEnd;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** The main class of the job, for {@code spark-submit}: market data from Kafka to Cassandra. */
public final class MarketDataJob {
  private MarketDataJob() {}

  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
    PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
    new ProcessEnd().end(JobCommand.run(args, out, err, JobRunner::run));
  }
}
