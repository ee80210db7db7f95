package io.marketstream.api.export;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/**
 * Parquet files. Every file of a kind of data has the same schema, so that readers can read many as
 * one table. A price is therefore {@code DECIMAL(38, 24)} in each of them, and a volume {@code
 * DECIMAL(38, 18)}, or both are text. No Hadoop is needed at run time; signatures of Parquet's
 * classes name it.
 */
final class ParquetWriters {
  /** The most digits that DuckDB and Polars read as a decimal. */
  static final int PRECISION = 38;

  /** CoinCap's prices have 20 places and more, and none has 15 digits before the point. */
  static final int PRICE_SCALE = 24;

  /** Volumes have fewer places. Of a coin that is worth little, they have many digits before it. */
  static final int VOLUME_SCALE = 18;

  private static final int DECIMAL_BYTES = 16;

  /** Of a row group in memory, compressed. The default of 128 MB would need that much heap. */
  private static final long ROW_GROUP_BYTES = 8L << 20;

  private static final int PAGE_BYTES = 256 << 10;

  private ParquetWriters() {}

  /** A file that is written row by row. */
  static RowWriter open(Path file, List<Column> columns, DecimalForm decimals) throws IOException {
    ParquetWriter<RowValues> writer =
        new Builder(new LocalOutputFile(file), new Rows(columns, decimals))
            .withConf(new PlainParquetConfiguration())
            .withCodecFactory(new ZstdPages())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withPageSize(PAGE_BYTES)
            .withDictionaryPageSize(PAGE_BYTES)
            .build();
    return new RowWriter() {
      @Override
      public void write(RowValues row) throws IOException {
        writer.write(row);
      }

      @Override
      public void close() throws IOException {
        writer.close();
      }
    };
  }

  private static int scale(Column column) {
    return column.type() == ColumnType.PRICE ? PRICE_SCALE : VOLUME_SCALE;
  }

  /** The unscaled value of the decimal with the scale of the column, big-endian. */
  static byte[] bytes(Column column, BigDecimal value) {
    int scale = scale(column);
    BigDecimal scaled;
    try {
      scaled = value.setScale(scale, RoundingMode.UNNECESSARY);
    } catch (ArithmeticException e) {
      throw new InexactDecimalException(column.name(), value, scale);
    }
    if (scaled.precision() > PRECISION) {
      throw new InexactDecimalException(column.name(), value, scale);
    }
    byte[] shortest = scaled.unscaledValue().toByteArray();
    byte[] bytes = new byte[DECIMAL_BYTES];
    Arrays.fill(bytes, 0, DECIMAL_BYTES - shortest.length, (byte) (scaled.signum() < 0 ? -1 : 0));
    System.arraycopy(shortest, 0, bytes, DECIMAL_BYTES - shortest.length, shortest.length);
    return bytes;
  }

  private static boolean isText(Column column, DecimalForm decimals) {
    return column.type() == ColumnType.TEXT
        || column.type() == ColumnType.QUOTIENT
        || ((column.type() == ColumnType.PRICE || column.type() == ColumnType.VOLUME)
            && decimals == DecimalForm.TEXT);
  }

  private static MessageType schema(List<Column> columns, DecimalForm decimals) {
    Types.MessageTypeBuilder schema = Types.buildMessage();
    for (Column column : columns) {
      schema.addField(field(column, decimals));
    }
    return schema.named("row");
  }

  private static org.apache.parquet.schema.Type field(Column column, DecimalForm decimals) {
    Repetition repetition = column.isRequired() ? Repetition.REQUIRED : Repetition.OPTIONAL;
    return isText(column, decimals)
        ? text(repetition).named(column.name())
        : exactField(column, repetition);
  }

  private static org.apache.parquet.schema.Type exactField(Column column, Repetition repetition) {
    return switch (column.type()) {
      case INTEGER -> Types.primitive(PrimitiveTypeName.INT64, repetition).named(column.name());
      case TIME ->
          Types.primitive(PrimitiveTypeName.INT64, repetition)
              .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MILLIS))
              .named(column.name());
      case TEXTS ->
          Types.list(repetition)
              .element(text(Repetition.REQUIRED).named("element"))
              .named(column.name());
      case TEXT, QUOTIENT -> text(repetition).named(column.name());
      case PRICE, VOLUME ->
          Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
              .length(DECIMAL_BYTES)
              .as(LogicalTypeAnnotation.decimalType(scale(column), PRECISION))
              .named(column.name());
    };
  }

  private static Types.PrimitiveBuilder<org.apache.parquet.schema.PrimitiveType> text(
      Repetition repetition) {
    return Types.primitive(PrimitiveTypeName.BINARY, repetition)
        .as(LogicalTypeAnnotation.stringType());
  }

  private static final class Builder extends ParquetWriter.Builder<RowValues, Builder> {
    private final Rows rows;

    Builder(OutputFile file, Rows rows) {
      super(file);
      this.rows = rows;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @Deprecated
    protected WriteSupport<RowValues> getWriteSupport(Configuration unused) {
      return rows;
    }

    @Override
    protected WriteSupport<RowValues> getWriteSupport(ParquetConfiguration unused) {
      return rows;
    }
  }

  /** Hands rows to Parquet, column by column. */
  private static final class Rows extends WriteSupport<RowValues> {
    private final List<Column> columns;
    private final DecimalForm decimals;
    private final MessageType schema;

    @SuppressWarnings("NullAway.Init") // prepareForWrite comes first
    private RecordConsumer out;

    Rows(List<Column> columns, DecimalForm decimals) {
      this.columns = columns;
      this.decimals = decimals;
      this.schema = schema(columns, decimals);
    }

    @Override
    @Deprecated
    public WriteContext init(Configuration unused) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration unused) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      out = recordConsumer;
    }

    @Override
    public void write(RowValues row) {
      out.startMessage();
      for (int i = 0; i < columns.size(); i++) {
        Column column = columns.get(i);
        Object value = row.get(column);
        if (value != null) {
          out.startField(column.name(), i);
          add(column, value);
          out.endField(column.name(), i);
        }
      }
      out.endMessage();
    }

    private void add(Column column, Object value) {
      if (value instanceof Instant time) {
        out.addLong(time.toEpochMilli());
      } else if (value instanceof Long number) {
        out.addLong(number);
      } else if (value instanceof List<?> items) {
        addList(items);
      } else if (value instanceof BigDecimal decimal) {
        out.addBinary(
            isText(column, decimals)
                ? Binary.fromString(decimal.toPlainString())
                : Binary.fromConstantByteArray(bytes(column, decimal)));
      } else {
        out.addBinary(Binary.fromString(value.toString()));
      }
    }

    private void addList(List<?> items) {
      out.startGroup();
      if (!items.isEmpty()) {
        out.startField("list", 0);
        for (Object item : items) {
          out.startGroup();
          out.startField("element", 0);
          out.addBinary(Binary.fromString(String.valueOf(item)));
          out.endField("element", 0);
          out.endGroup();
        }
        out.endField("list", 0);
      }
      out.endGroup();
    }
  }
}
