package io.marketstream.spark.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.DefaultProtocolVersion;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares the encoding of values with that of the driver's codecs. */
class RowEncoderTest {
  private final RowEncoder encoder = new RowEncoder();

  /** A statement that no test executes. */
  private static final PreparedStatement INSERT =
      (PreparedStatement)
          Proxy.newProxyInstance(
              RowEncoderTest.class.getClassLoader(),
              new Class<?>[] {PreparedStatement.class},
              (statement, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
              });

  private RowEncoder row() {
    return encoder.begin(INSERT, EncodedKey.NONE);
  }

  /** The values of the row, null for one that is unset. */
  private static List<ByteBuffer> values(RowEncoder row) {
    List<ByteBuffer> values = new ArrayList<>();
    ByteBuffer all = ByteBuffer.wrap(row.row().values());
    while (all.hasRemaining()) {
      int length = all.getInt();
      if (length == RowEncoder.UNSET) {
        values.add(null);
      } else {
        values.add(all.slice(all.position(), length));
        all.position(all.position() + length);
      }
    }
    return values;
  }

  private static <T> ByteBuffer driver(TypeCodec<T> codec, T value) {
    return codec.encode(value, DefaultProtocolVersion.V4);
  }

  @Test
  void eachKindIsEncodedAsTheDriverDoes() {
    String text = "Ä€\uD83D\uDE00";
    BigDecimal small = new BigDecimal("-0.00008");
    BigDecimal large = new BigDecimal("66972770000000000000000000001e5");
    List<String> codes = List.of("1", "", "12");
    int day = -40_000;
    assertThat(
            values(
                row()
                    .text(text)
                    .text("")
                    .number(Long.MIN_VALUE)
                    .number(Long.valueOf(7))
                    .date(day)
                    .decimal(small)
                    .decimal(large)
                    .texts(codes)
                    .texts(List.of())))
        .containsExactly(
            driver(TypeCodecs.TEXT, text),
            driver(TypeCodecs.TEXT, ""),
            driver(TypeCodecs.BIGINT, Long.MIN_VALUE),
            driver(TypeCodecs.BIGINT, 7L),
            driver(TypeCodecs.DATE, LocalDate.ofEpochDay(day)),
            driver(TypeCodecs.DECIMAL, small),
            driver(TypeCodecs.DECIMAL, large),
            driver(TypeCodecs.listOf(TypeCodecs.TEXT), codes),
            driver(TypeCodecs.listOf(TypeCodecs.TEXT), List.of()));
  }

  @Test
  void nullIsLeftUnset() {
    assertThat(values(row().text(null).number((Long) null).decimal(null).texts(null).number(1)))
        .containsExactly(null, null, null, null, driver(TypeCodecs.BIGINT, 1L));
  }

  @Test
  void aRowKeepsNoValuesOfThePreviousOne() {
    row().text("x".repeat(10_000)).row();
    assertThat(values(row().text("y"))).containsExactly(driver(TypeCodecs.TEXT, "y"));
  }

  /** Otherwise Cassandra would silently store a question mark. */
  @Test
  void halfASurrogatePairIsAnError() {
    assertThatThrownBy(() -> row().text("a\uD83D")).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> row().texts(List.of("\uD83D"))).isInstanceOf(RuntimeException.class);
  }
}
