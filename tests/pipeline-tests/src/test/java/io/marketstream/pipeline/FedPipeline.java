package io.marketstream.pipeline;

import com.datastax.oss.driver.api.core.CqlSession;
import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.simulator.CoinCapSimulator;
import io.marketstream.simulator.FinnhubSimulator;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The whole pipeline, both connectors fed by simulators in this JVM that remember every tick they
 * wrote to a socket. For one thread.
 */
public final class FedPipeline implements AutoCloseable {

  public static final String FINNHUB_CONNECTOR = "finnhub-source";
  public static final String COINCAP_CONNECTOR = "coincap-source";

  public final RealComponents components;
  public final FinnhubSimulator finnhub;
  public final CoinCapSimulator coincap;
  private CqlSession cassandra;

  /**
   * @param finnhubRate ticks/s over all symbols
   * @param coincapRate ticks/s over all assets
   * @param seed of both markets
   */
  public FedPipeline(RealComponents components, double finnhubRate, double coincapRate, long seed) {
    this(components, FinnhubSimulator.builder(), finnhubRate, coincapRate, seed);
  }

  /**
   * The same with further settings of the Finnhub simulator.
   *
   * @param settings where its market is not yet set
   */
  public FedPipeline(
      RealComponents components,
      FinnhubSimulator.Builder settings,
      double finnhubRate,
      double coincapRate,
      long seed) {
    this.components = components;
    finnhub = settings.market(finnhubRate, seed).marketInterval(Duration.ofMillis(200)).start();
    coincap = CoinCapSimulator.builder().market(coincapRate, seed).start();
  }

  /** Starts everything; returns before the first row is there. */
  public FedPipeline start(String symbols, String assets) throws IOException {
    return start(symbols, assets, Map.of());
  }

  /** The same with further settings of both connectors. */
  public FedPipeline start(String symbols, String assets, Map<String, String> settings)
      throws IOException {
    components.start();
    return feed(symbols, assets, settings);
  }

  /** Creates the connectors on components that run already, and starts the job. */
  public FedPipeline feed(String symbols, String assets, Map<String, String> settings) {
    cassandra = components.cassandra.session(RealComponents.KEYSPACE);
    components.createFinnhub(finnhub, symbols, settings);
    components.createCoinCap(coincap, assets, settings);
    components.startJob();
    return this;
  }

  /** With the keyspace chosen; the pipeline closes it. */
  public CqlSession cassandra() {
    return cassandra;
  }

  /**
   * Whether the worker has stored where each connector's symbols stand. One that dies before is a
   * first start when it is back, which has no gap.
   */
  public boolean hasStoredOffsets() {
    return Stream.of(FINNHUB_CONNECTOR, COINCAP_CONNECTOR)
        .noneMatch(connector -> storedOffsets(connector).findValues("session").isEmpty());
  }

  private JsonNode storedOffsets(String connector) {
    return components.connect.rest().call("GET", "/connectors/" + connector + "/offsets", null);
  }

  public PipelineAudit audit() {
    return new PipelineAudit(this);
  }

  /** Ticks that were written to sockets. */
  public long sent() {
    return finnhub.sentCount() + coincap.sentCount();
  }

  /** The feeds stay connected and say nothing more. */
  public void pauseSending() {
    finnhub.pauseSending();
    coincap.pauseSending();
  }

  public void resumeSending() {
    finnhub.resumeSending();
    coincap.resumeSending();
  }

  @Override
  public void close() {
    if (cassandra != null) {
      cassandra.close();
    }
    components.close();
    finnhub.close();
    coincap.close();
  }
}
