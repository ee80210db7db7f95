package io.marketstream.auditor.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A reject is justified if something is wrong with its record, even if the reason is another one.
 */
class RejectCheckTest {
  private static final String GOOD =
      "{'source':'finnhub','symbol':'AAPL','kind':'trade','price':'1.50','volume':'0.1',"
          + "'conditions':['1'],'event_time':1700000000000,'received_at':1700000000005,"
          + "'session':7,'sequence':8}";

  private final RejectCheck check = new RejectCheck(OptionalLong.of(30_000));

  @Test
  void aGoodTickIsFaultless() {
    assertThat(isFaultless(GOOD)).isTrue();
    assertThat(isFaultless(GOOD.replace(",'volume':'0.1'", "").replace("['1']", "null"))).isTrue();
    assertThat(isFaultless(GOOD.replace("1700000000000", "1700000030005"))).isTrue();
  }

  @Test
  void theTradeOfAVenueIsFaultlessWithItsIdSideAndOrigin() {
    String trade =
        GOOD.replace("'session'", "'trade_id':'9','side':'buy','origin':'live','session'");

    assertThat(isFaultless(trade)).isTrue();
    assertThat(isFaultless(trade.replace("'9'", "null").replace("'buy'", "null"))).isTrue();
    assertThat(isFaultless(trade.replace("'9'", "9"))).isFalse();
    assertThat(isFaultless(trade.replace("'9'", "'" + "9".repeat(65) + "'"))).isFalse();
    assertThat(isFaultless(trade.replace("'buy'", "'Buy'"))).isFalse();
    assertThat(isFaultless(trade.replace("'live'", "'rest'"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'finnhub'|'Finnhub'",
        "'AAPL'|' '",
        "'AAPL'|5",
        "'trade'|'bid'",
        "'1.50'|1.5",
        "'1.50'|'1,5'",
        "'1.50'|'1.5e999'",
        "'0.1'|'-0.1'",
        "['1']|[1]",
        "['1']|'1'",
        "1700000000000|1",
        "1700000000000|1700000030006",
        "1700000000000|'1700000000000'",
        "'session':7|'session':-7",
        "'sequence':8|'sequence':8.5",
        "'sequence':8|'other':8",
        "}|"
      })
  void aFaultJustifiesAReject(String good, String bad) {
    assertThat(isFaultless(GOOD.replace(good, bad == null ? "" : bad))).isFalse();
  }

  @Test
  void withoutTheJobsToleranceATimeAheadIsDoubtful() {
    RejectCheck unknown = new RejectCheck(OptionalLong.empty());
    String ahead = GOOD.replace("1700000000000", "1700000000006").replace('\'', '"');

    assertThat(unknown.isFaultless(RecordJson.parse(ahead.getBytes(StandardCharsets.UTF_8))))
        .isFalse();
  }

  private boolean isFaultless(String record) {
    return check.isFaultless(
        RecordJson.parse(record.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }
}
