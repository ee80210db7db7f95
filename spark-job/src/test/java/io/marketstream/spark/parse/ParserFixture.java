package io.marketstream.spark.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.RejectReason;
import io.marketstream.spark.record.MarketRecord;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Reject;
import io.marketstream.spark.record.Tick;
import java.nio.charset.StandardCharsets;

/** Records and helpers for the tests of the parser. */
abstract class ParserFixture {
  static final RecordPosition AT = new RecordPosition("market_data", 2, 77);
  static final RecordPosition GAP_AT = new RecordPosition("market_data_gaps", 0, 5);
  static final long KAFKA_TIME = 1_763_900_000_999L;

  static final String TICK =
      """
      {"source":"finnhub","kind":"trade","symbol":"AAPL","price":"164.0601","volume":"5",\
      "conditions":["1","12"],"event_time":1763900000000,"received_at":1763900000050,\
      "session":1763899990000,"sequence":3}""";

  static final String GAP =
      """
      {"source":"finnhub","symbol":"AAPL","cause":"CONNECTION_LOST","gap_start":1763900002000,\
      "gap_end":1763900009000,"session_before":1763899990000,"session_after":1763900009000,\
      "first_missing":4,"dropped":7,"detail":"connection reset"}""";

  final RecordParser parser = new RecordParser("market_data_gaps", 30_000);

  Reject reject(byte[] value) {
    return (Reject) parser.parse(AT, value, KAFKA_TIME);
  }

  MarketRecord parse(String json) {
    return parser.parse(AT, json.getBytes(StandardCharsets.UTF_8), KAFKA_TIME);
  }

  MarketRecord parseGap(String json) {
    return parser.parse(GAP_AT, json.getBytes(StandardCharsets.UTF_8), KAFKA_TIME);
  }

  Tick tick(String json) {
    MarketRecord record = parse(json);
    assertThat(record).isInstanceOf(Tick.class);
    return (Tick) record;
  }

  void assertRejected(String json, RejectReason reason, String detail) {
    MarketRecord record = parse(json);
    assertThat(record).as(json.length() > 300 ? "long input" : json).isInstanceOf(Reject.class);
    Reject reject = (Reject) record;
    assertThat(reject.reason()).as(reject.detail()).isEqualTo(reason);
    assertThat(reject.detail()).contains(detail);
  }
}
