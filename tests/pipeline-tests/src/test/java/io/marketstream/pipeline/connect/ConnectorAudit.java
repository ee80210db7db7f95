package io.marketstream.pipeline.connect;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.auditor.check.Audit;
import io.marketstream.auditor.check.AuditRules;
import io.marketstream.auditor.check.RowFault;
import io.marketstream.auditor.check.SymbolEvidence;
import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.ChangingRows;
import io.marketstream.auditor.evidence.ComputedInterval;
import io.marketstream.auditor.evidence.ConnectionSessions;
import io.marketstream.auditor.evidence.DeliveredTick;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.GapRecords;
import io.marketstream.auditor.evidence.GapRow;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.Rejects;
import io.marketstream.auditor.evidence.SentTick;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TickRow;
import io.marketstream.auditor.evidence.TopicRecords;
import io.marketstream.auditor.evidence.TopicTick;
import io.marketstream.auditor.report.Finding;
import io.marketstream.model.CandleInterval;
import io.marketstream.pipeline.StoredTick;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Asks the auditor whether the topics of one connector explain every tick that its feed sent. There
 * is no job: the auditor gets the rows that a job would write.
 */
final class ConnectorAudit {
  private static final long HOUR_MS = 3_600_000;

  /** Ends before the present, because there is no table {@code latest_ticks} to compare. */
  private static final Span SPAN = new Span(Long.MIN_VALUE, Long.MAX_VALUE - 1);

  /** The audit requires an interval. It checks candles from {@code from} to {@code until}: none. */
  private static final ComputedInterval NO_CANDLES =
      new ComputedInterval(CandleInterval.parse("1m"), 0, Long.MAX_VALUE, Long.MIN_VALUE);

  private static final Audit AUDIT =
      new Audit(new AuditRules(SPAN, List.of(NO_CANDLES), Long.MIN_VALUE), AuditCutoff.SETTLED);

  private final String source;
  private final List<SentTick> sent;
  private final List<StoredTick> ticks;
  private final List<Gap> gaps;
  private final Map<Long, Long> sessionOfOpening;

  /**
   * @param sent by the feed
   * @param ticks the records of the topic, in its order
   * @param gaps the records of the topic of gaps, in its order
   */
  ConnectorAudit(String source, List<SentTick> sent, List<JsonNode> ticks, List<JsonNode> gaps) {
    this.source = source;
    this.sent = sent;
    this.ticks = ticks.stream().map(StoredTick::of).toList();
    this.gaps = gaps(gaps);
    sessionOfOpening =
        ConnectionSessions.match(
            sent.stream().map(SentTick::connectionOpenedAt).toList(), sessions());
  }

  /** Returns what the auditor finds; empty if every tick is explained and has its values. */
  List<Finding> findings() {
    Set<String> symbols = new TreeSet<>();
    sent.forEach(tick -> symbols.add(tick.symbol()));
    ticks.forEach(tick -> symbols.add(tick.symbol()));
    return symbols.stream()
        .flatMap(symbol -> AUDIT.of(new Evidence(symbol)).findings().stream())
        .toList();
  }

  /** As in the table, the closed record of a gap replaces the open one. */
  private static List<Gap> gaps(List<JsonNode> records) {
    Map<List<Object>, Gap> gaps = new LinkedHashMap<>();
    for (JsonNode value : records) {
      Gap gap =
          new Gap(
              value.get("symbol").asText(),
              value.get("cause").asText(),
              value.get("gap_start").asLong(),
              optionalLong(value, "gap_end"),
              value.get("session_before").asLong(),
              optionalLong(value, "session_after"),
              value.get("first_missing").asLong(),
              optionalLong(value, "dropped"));
      gaps.merge(
          List.of(gap.symbol(), gap.start(), gap.sessionBefore(), gap.firstMissing()),
          gap,
          (earlier, later) -> later.end() == null ? earlier : later);
    }
    return List.copyOf(gaps.values());
  }

  private static Long optionalLong(JsonNode value, String field) {
    return value.path(field).isNumber() ? (Long) value.get(field).asLong() : null;
  }

  private Collection<Long> sessions() {
    Set<Long> sessions = new HashSet<>();
    ticks.forEach(tick -> sessions.add(tick.session()));
    for (Gap gap : gaps) {
      sessions.add(gap.sessionBefore());
      if (gap.sessionAfter() != null) {
        sessions.add(gap.sessionAfter());
      }
    }
    return sessions;
  }

  private final class Evidence implements SymbolEvidence {
    private final String symbol;

    Evidence(String symbol) {
      this.symbol = symbol;
    }

    @Override
    public SymbolKey key() {
      return new SymbolKey(source, symbol);
    }

    @Override
    public Optional<List<DeliveredTick>> delivered() {
      return Optional.of(
          sent.stream()
              .filter(tick -> tick.symbol().equals(symbol))
              .map(tick -> new DeliveredTick(tick, sessionOfOpening.get(tick.connectionOpenedAt())))
              .toList());
    }

    private Stream<Tick> published() {
      return ticks.stream()
          .filter(tick -> tick.symbol().equals(symbol))
          .map(
              tick ->
                  new Tick(
                      new TickId(tick.session(), tick.sequence()),
                      tick.eventTime(),
                      tick.receivedAt(),
                      tick.kind(),
                      tick.price(),
                      tick.volume(),
                      tick.conditions()));
    }

    /** A tick that was written twice has one row, because both records have its key. */
    @Override
    public Iterator<TickRow> rows() {
      Map<TickId, TickRow> rows = new LinkedHashMap<>();
      published()
          .sorted(Tick.ARRIVAL)
          .forEach(
              tick ->
                  rows.putIfAbsent(
                      tick.id(),
                      new TickRow(
                          tick,
                          Math.floorDiv(tick.eventTime(), HOUR_MS) * HOUR_MS,
                          tick.receivedAt())));
      return rows.values().iterator();
    }

    @Override
    public Optional<TopicRecords> topic() {
      List<TopicTick> records = new ArrayList<>();
      published()
          .forEach(
              tick ->
                  records.add(new TopicTick(new RecordPosition("ticks", 0, records.size()), tick)));
      return Optional.of(new TopicRecords(Long.MIN_VALUE, Long.MAX_VALUE, records.iterator()));
    }

    @Override
    public Iterator<Candle> candles(CandleInterval interval) {
      return List.<Candle>of().iterator();
    }

    @Override
    public ChangingRows openRows() {
      return ChangingRows.settled(Optional.empty());
    }

    @Override
    public List<GapRow> gaps() {
      return gaps.stream()
          .filter(gap -> gap.symbol().equals(symbol) || gap.symbol().equals(SymbolKey.ALL))
          .map(gap -> new GapRow(gap, gap.start()))
          .toList();
    }

    @Override
    public Optional<GapRecords> gapRecords() {
      return Optional.empty(); // the rows are made from the records
    }

    @Override
    public Rejects rejects() {
      return Rejects.NONE; // a connector does not number rejected ticks
    }

    @Override
    public OptionalLong lastNumberBefore(long session) {
      return OptionalLong.empty();
    }

    @Override
    public List<TickRow> rowsElsewhere(long session, long first, long last) {
      return List.of();
    }

    @Override
    public List<RowFault> faults() {
      return List.of();
    }
  }
}
