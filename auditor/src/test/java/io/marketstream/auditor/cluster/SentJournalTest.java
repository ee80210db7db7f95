package io.marketstream.auditor.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.SentTick;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentJournalTest {
  private static final String TRADE =
      "{\"feed\":\"finnhub\",\"connection\":1,\"connectionOpenedAt\":2,\"symbol\":\"AAPL\","
          + "\"price\":\"1.50\",\"volume\":\"3\",\"conditions\":[\"12\"],\"eventTimeMs\":4,"
          + "\"sequence\":5,\"index\":6,\"writtenAt\":7}\n";
  private static final String PRICE =
      "{\"feed\":\"coincap\",\"connection\":1,\"connectionOpenedAt\":2,\"symbol\":\"bitcoin\","
          + "\"price\":\"9\",\"volume\":null,\"conditions\":null,\"eventTimeMs\":null,"
          + "\"sequence\":0,\"index\":0,\"writtenAt\":8}\n";

  @TempDir Path folder;

  @Test
  void tradesWithIdsAreLeftOut() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("ids.json"),
            TRADE.replace("\"index\"", "\"tradeId\":1100236127,\"index\"") + PRICE);

    assertThat(SentJournal.read(file)).containsOnlyKeys("coincap-sim");
  }

  @Test
  void everyWholeLineIsATickOfItsSource() throws Exception {
    Path file = Files.writeString(folder.resolve("sent.json"), TRADE + PRICE + "{\"feed\":\"fin");

    assertThat(SentJournal.read(file))
        .isEqualTo(
            Map.of(
                "finnhub-sim",
                List.of(
                    new SentTick(
                        "finnhub-sim", 1, 2, "AAPL", "1.50", "3", List.of("12"), 4L, 5, 7)),
                "coincap-sim",
                List.of(
                    new SentTick("coincap-sim", 1, 2, "bitcoin", "9", null, null, null, 0, 8))));
  }
}
