package io.marketstream.feed.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares a tick with a struct of the same values: every method returns the same. */
class TickStructTest {
  private static final MarketTick STOCK =
      new MarketTick(
          "finnhub", TickKind.TRADE, "AAPL", "164.0601", "5", List.of("1", "12"), 7, 8, 9, 10);
  private static final MarketTick PRICE =
      new MarketTick("coincap", TickKind.PRICE, "bitcoin", "6929.82", null, null, 1, 2, 3, 4);

  private static final MarketTick MATCH =
      new MarketTick(
          "coinbase",
          TickKind.TRADE,
          "BTC-USD",
          "83335.51",
          "0.00005832",
          null,
          5,
          6,
          7,
          8,
          "1100236127",
          TradeSide.SELL,
          TickOrigin.LIVE);

  static Stream<MarketTick> ticks() {
    return Stream.of(STOCK, PRICE, MATCH);
  }

  @SuppressWarnings("JavaUtilDate") // Connect's type of a timestamp
  private static Struct ordinary(MarketTick tick) {
    return new Struct(MarketTick.SCHEMA)
        .put("source", tick.source())
        .put("kind", tick.kind().wireName())
        .put("symbol", tick.symbol())
        .put("price", tick.price())
        .put("volume", tick.volume())
        .put("conditions", tick.conditions())
        .put("event_time", new Date(tick.eventTime()))
        .put("received_at", new Date(tick.receivedAt()))
        .put("session", tick.session())
        .put("sequence", tick.sequence())
        .put("trade_id", tick.tradeId())
        .put("side", tick.side() == null ? null : tick.side().wireName())
        .put("origin", tick.origin() == null ? null : tick.origin().wireName());
  }

  /** Calls each method on a new tick, because the first call may find the struct still empty. */
  @ParameterizedTest
  @MethodSource("ticks")
  void everyMethodReturnsTheSame(MarketTick tick) throws Exception {
    for (Method method : questions()) {
      for (Object[] arguments : arguments(method)) {
        assertThat(answer(method, tick.toStruct(), arguments))
            .as("%s%s", method.getName(), Arrays.toString(arguments))
            .isEqualTo(answer(method, ordinary(tick), arguments));
      }
    }
  }

  /** A method that a newer Kafka adds would find the struct empty. */
  @Test
  void everyMethodOfStructIsImplemented() {
    List<String> missing = new ArrayList<>();
    for (Method method : Struct.class.getDeclaredMethods()) {
      if (Modifier.isPrivate(method.getModifiers()) || method.getName().equals("schema")) {
        continue;
      }
      try {
        var unused =
            TickStruct.class.getDeclaredMethod(method.getName(), method.getParameterTypes());
      } catch (NoSuchMethodException e) {
        missing.add(method.toString());
      }
    }
    assertThat(missing).isEmpty();
  }

  private static List<Method> questions() {
    return Arrays.stream(Struct.class.getMethods())
        .filter(method -> method.getDeclaringClass() == Struct.class)
        .filter(method -> !method.getName().matches("put|equals"))
        .toList();
  }

  private static List<Object[]> arguments(Method method) {
    if (method.getParameterCount() == 0) {
      return List.<Object[]>of(new Object[0]);
    }
    List<Object[]> arguments = new ArrayList<>();
    for (Field field : MarketTick.SCHEMA.fields()) {
      arguments.add(
          new Object[] {method.getParameterTypes()[0] == String.class ? field.name() : field});
    }
    arguments.add(
        new Object[] {
          method.getParameterTypes()[0] == String.class
              ? "no_such_field"
              : new Field("another", 4, Schema.STRING_SCHEMA)
        });
    return arguments;
  }

  private static Object answer(Method method, Struct struct, Object[] arguments)
      throws IllegalAccessException {
    try {
      return method.invoke(struct, arguments);
    } catch (InvocationTargetException e) {
      return e.getCause().toString(); // the same error
    }
  }

  @Test
  void putReplacesTheTicksOwnValue() {
    Struct struct = STOCK.toStruct();
    struct.put("price", "165");
    Field volume = MarketTick.SCHEMA.field("volume");
    struct.put(volume, null);

    assertThat(struct.get(MarketTick.SCHEMA.field("price"))).isEqualTo("165");
    assertThat(struct.get(volume)).isNull();
    assertThat(struct.getString("symbol")).isEqualTo("AAPL");
    assertThatThrownBy(() -> STOCK.toStruct().put("price", 165)).isInstanceOf(DataException.class);
  }

  @Test
  void twoStructsAreEqualIfTheirTicksAre() {
    assertThat(STOCK.toStruct()).isEqualTo(STOCK.toStruct()).hasSameHashCodeAs(STOCK.toStruct());
    assertThat(STOCK.toStruct()).isNotEqualTo(PRICE.toStruct());
    assertThat(STOCK.toStruct().put("price", "1")).isNotEqualTo(STOCK.toStruct());
  }

  /** A transformation uses the fields of the schema that it received. */
  @Test
  void aFieldOfAnEqualSchemaIsAnsweredToo() {
    Schema equal =
        SchemaBuilder.struct().name("a copy").field("source", Schema.STRING_SCHEMA).build();
    assertThat(STOCK.toStruct().get(equal.field("source"))).isEqualTo("finnhub");
  }
}
