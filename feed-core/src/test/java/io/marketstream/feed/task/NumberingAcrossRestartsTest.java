package io.marketstream.feed.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.ledger.GapLedger;
import io.marketstream.feed.ledger.RestartGaps;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.model.GapCause;
import io.marketstream.model.TickKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions and restarts on a clock that jumps both ways. */
class NumberingAcrossRestartsTest {

  /** A task that restarts repeatedly. Its offsets are stored up to each end. */
  private static final class History {
    final List<String> ledgerSymbols;
    final Map<String, SourceCursor> stored = new HashMap<>();
    final Set<String> given = new HashSet<>();
    long clock = 1_700_000_000_000L;
    TickNumbering numbering;
    GapLedger ledger;
    private SourceOffsets book;

    History(boolean allSymbols) {
      ledgerSymbols = allSymbols ? List.of(SourceCursor.ALL_SYMBOLS) : List.of("A", "B", "C");
    }

    void start() {
      RestartGaps restart = RestartGaps.of("feed", ledgerSymbols, stored, clock);
      book = new SourceOffsets(ledgerSymbols.contains(SourceCursor.ALL_SYMBOLS), stored);
      restart.resumed().forEach(book::resume);
      numbering = new TickNumbering(restart.numberedUpTo());
      ledger = new GapLedger("feed", ledgerSymbols, numbering, restart.open(), clock);
      deliver(restart.opened());
    }

    void connect() {
      numbering.openSession(clock);
      ledger.opened(clock);
    }

    void frame(boolean provesRecovery, List<String> symbols) {
      ledger.received(clock);
      if (provesRecovery) {
        deliver(ledger.recovered(symbol -> false, symbol -> true, clock));
      }
      for (String symbol : symbols) {
        MarketTick tick =
            new MarketTick(
                "feed",
                TickKind.TRADE,
                symbol,
                "1",
                "1",
                null,
                clock,
                clock,
                numbering.session(),
                numbering.number(symbol));
        assertThat(given.add(tick.session() + " " + symbol + " " + tick.sequence()))
            .as("%s was used before", tick)
            .isTrue();
        stored.put(book.ledgerSymbol(symbol), book.after(tick, clock));
      }
      numbering.commit(clock, clock);
    }

    void lose() {
      deliver(ledger.lost(GapCause.CONNECTION_LOST, "x", clock));
    }

    private void deliver(List<FeedGap> gaps) {
      gaps.forEach(gap -> stored.put(gap.symbol(), book.after(gap, clock)));
      ledger.recorded(gaps);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noIdentityIsRepeatedDespiteClockSteps(boolean allSymbols) {
    long seed = Long.getLong("marketstream.seed", 20261123L);
    System.out.println("NumberingAcrossRestartsTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      History history = new History(allSymbols);
      for (int run = 0; run < 4; run++) {
        history.start();
        for (int session = random.nextInt(4); session > 0; session--) {
          history.clock += random.nextInt(-20, 20); // close enough to collide
          history.connect();
          for (int frame = random.nextInt(5); frame > 0; frame--) {
            history.clock += random.nextInt(-3, 5);
            List<String> symbols =
                random
                    .ints(random.nextInt(4), 'A', 'D')
                    .mapToObj(letter -> String.valueOf((char) letter))
                    .toList();
            history.frame(random.nextBoolean(), symbols);
          }
          if (random.nextBoolean()) {
            history.lose();
          }
        }
      }
    }
  }

  @Test
  void sessionDuringOpenGapIsNotReused() {
    History history = new History(false);
    history.start();
    history.connect();
    history.frame(true, List.of("A"));
    history.lose();
    history.clock -= 60_000;
    history.connect();
    history.frame(false, List.of("A")); // before the last subscription: the gap stays open
    final long second = history.numbering.session();

    history.start();
    history.connect();
    history.frame(false, List.of("A"));

    assertThat(history.numbering.session()).isGreaterThan(second);
  }
}
