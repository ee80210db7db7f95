package io.marketstream.audit.job;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.auditor.cluster.AuditPlan;
import io.marketstream.auditor.cluster.SymbolReport;
import io.marketstream.auditor.cluster.TickRecord;
import io.marketstream.auditor.cluster.UnreadableRecord;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.TopicRecords;
import io.marketstream.auditor.evidence.TopicTick;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Audits the symbols of one partition, whose records are sorted by symbol and position. */
final class AuditSymbols implements MapPartitionsFunction<Row, byte[]> {
  private static final long serialVersionUID = 1L;

  private final AuditPlan plan;
  private final long from;
  private final long until;
  private final CassandraAccess cassandra;

  /**
   * @param from epoch ms of receipt from which on the topics are read
   * @param until epoch ms of receipt until which the topics are read
   */
  AuditSymbols(AuditPlan plan, long from, long until, CassandraAccess cassandra) {
    this.plan = plan;
    this.from = from;
    this.until = until;
    this.cassandra = cassandra;
  }

  @Override
  public Iterator<byte[]> call(Iterator<Row> sorted) {
    if (!sorted.hasNext()) {
      return List.<byte[]>of().iterator();
    }
    List<byte[]> reports = new ArrayList<>();
    Groups groups = new Groups(sorted);
    try (CqlSession session = cassandra.open()) {
      AuditPlan.SymbolAuditor auditor = plan.auditor(session);
      while (groups.hasNext()) {
        Group group = groups.next();
        if (group.key == null) {
          List<UnreadableRecord> unreadable = new ArrayList<>();
          group.rows.forEachRemaining(row -> unreadable.add(unreadable(row)));
          reports.add(new SymbolReport(null, plan.unreadable(unreadable)).encode());
        } else {
          TopicRecords records = new TopicRecords(from, until, new Ticks(group.rows));
          reports.add(
              new SymbolReport(
                      group.key, auditor.audit(group.key, Optional.of(records), Optional.empty()))
                  .encode());
          group.rows.forEachRemaining(row -> {});
        }
      }
    }
    return reports.iterator();
  }

  private static RecordPosition position(Row row) {
    return new RecordPosition(row.getString(2), row.getInt(3), row.getLong(4));
  }

  private static UnreadableRecord unreadable(Row row) {
    return TickRecord.unreadable(position(row), (byte[]) row.get(5));
  }

  /**
   * The records of one symbol.
   *
   * @param key null for records that are not ticks
   */
  private record Group(@Nullable SymbolKey key, Iterator<Row> rows) {}

  /** Splits sorted rows where the symbol changes. A group must be read before the next one. */
  private static final class Groups implements Iterator<Group> {
    private final Iterator<Row> sorted;
    private @Nullable Row next;

    Groups(Iterator<Row> sorted) {
      this.sorted = sorted;
      this.next = sorted.next();
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Group next() {
      Row first = next;
      if (first == null) {
        throw new NoSuchElementException();
      }
      String source = first.getString(0);
      String symbol = first.getString(1);
      SymbolKey key = source == null ? null : new SymbolKey(source, symbol);
      return new Group(
          key,
          new Iterator<>() {
            @Override
            public boolean hasNext() {
              Row row = next;
              return row != null
                  && Objects.equals(source, row.getString(0))
                  && Objects.equals(symbol, row.getString(1));
            }

            @Override
            public Row next() {
              Row row = next;
              if (row == null || !hasNext()) {
                throw new NoSuchElementException();
              }
              Groups.this.next = sorted.hasNext() ? sorted.next() : null;
              return row;
            }
          });
    }
  }

  /** The ticks of rows, without the marker. */
  private static final class Ticks implements Iterator<TopicTick> {
    private final Iterator<Row> rows;
    private @Nullable TopicTick next;

    Ticks(Iterator<Row> rows) {
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      while (next == null && rows.hasNext()) {
        Row row = rows.next();
        if (!row.isNullAt(5)) {
          next = TickRecord.tick(position(row), (byte[]) row.get(5));
        }
      }
      return next != null;
    }

    @Override
    public TopicTick next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      TopicTick tick = Objects.requireNonNull(next);
      next = null;
      return tick;
    }
  }
}
