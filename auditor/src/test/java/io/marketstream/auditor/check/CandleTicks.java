package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.CandleId;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TopicTick;
import io.marketstream.model.CandleInterval;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which ticks of a symbol make which candle.
 *
 * <p>A candle is closed once the newest event time has passed its end by the lateness; a tick that
 * comes later is not part of it.
 *
 * @param ofCandle in the order in which they came
 * @param withLateTicks candles for which a tick came too late
 */
record CandleTicks(Map<CandleId, List<Tick>> ofCandle, Set<CandleId> withLateTicks) {

  /**
   * For how many sessions of a symbol the job recognises duplicates. Ticks of older sessions are
   * late.
   */
  private static final int MAX_SESSIONS = 16;

  /**
   * @param ticks in the order in which they came, each once
   */
  static CandleTicks of(List<Tick> ticks, List<CandleInterval> intervals, long latenessMs) {
    Map<CandleId, List<Tick>> ofCandle = new LinkedHashMap<>();
    Set<CandleId> withLateTicks = new HashSet<>();
    long newest = Long.MIN_VALUE;
    for (Tick tick : ticks) {
      newest = Math.max(newest, tick.eventTime());
      for (CandleInterval interval : intervals) {
        CandleId candle = new CandleId(interval, interval.openTime(tick.eventTime()));
        if (newest - latenessMs >= candle.end()) {
          withLateTicks.add(candle);
        } else {
          ofCandle.computeIfAbsent(candle, unseen -> new ArrayList<>()).add(tick);
        }
      }
    }
    return new CandleTicks(ofCandle, withLateTicks);
  }

  /**
   * Returns the ticks of the topic without repetitions, and without those of forgotten sessions.
   */
  static List<Tick> accepted(List<TopicTick> topic) {
    List<Tick> accepted = new ArrayList<>();
    TreeMap<Long, Long> lastSequences = new TreeMap<>();
    for (TopicTick record : topic) {
      TickId id = record.tick().id();
      Long last = lastSequences.get(id.session());
      boolean repeated = last != null && id.sequence() <= last;
      boolean forgotten =
          last == null
              && lastSequences.size() == MAX_SESSIONS
              && id.session() < lastSequences.firstKey();
      if (!repeated && !forgotten) {
        lastSequences.put(id.session(), id.sequence());
        if (lastSequences.size() > MAX_SESSIONS) {
          lastSequences.pollFirstEntry();
        }
        accepted.add(record.tick());
      }
    }
    return accepted;
  }
}
