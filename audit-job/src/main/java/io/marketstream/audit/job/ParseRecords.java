package io.marketstream.audit.job;

import io.marketstream.auditor.cluster.TickRecord;
import io.marketstream.auditor.evidence.RecordPosition;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/** Parses records of Kafka, and adds the symbol of their tick. Other records get no symbol. */
final class ParseRecords implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final HashSet<String> sources;

  /**
   * @param sources the sources to audit; empty for all
   */
  ParseRecords(Set<String> sources) {
    this.sources = new HashSet<>(sources);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> records) {
    Iterable<Row> once = () -> records;
    Stream<Row> parsed =
        StreamSupport.stream(once.spliterator(), false).map(this::parse).filter(Objects::nonNull);
    return parsed.iterator();
  }

  /** Returns the record with its symbol; null if its source is not audited. */
  private @Nullable Row parse(Row record) {
    RecordPosition position =
        new RecordPosition(record.getString(0), record.getInt(1), record.getLong(2));
    TickRecord read = TickRecord.read(position, (byte[]) record.get(3));
    boolean isOther = read.source() != null && !sources.contains(read.source());
    if (!sources.isEmpty() && isOther) {
      return null;
    }
    boolean isTick = read.tick() != null;
    return RowFactory.create(
        isTick ? read.source() : null,
        isTick ? read.symbol() : null,
        position.topic(),
        position.partition(),
        position.offset(),
        isTick ? read.encodedTick() : read.encodedNames());
  }
}
