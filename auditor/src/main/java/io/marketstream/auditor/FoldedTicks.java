package io.marketstream.auditor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ticks that the job folds into candles and newest tick.
 *
 * @param ticks each once, in the order of the topic, or in the order of the socket as far as the
 *     rows tell
 * @param inTopicOrder which of these it is
 * @param from epoch ms of receipt from which on they are known
 */
record FoldedTicks(List<Tick> ticks, boolean inTopicOrder, long from) {

  static FoldedTicks of(SymbolEvidence evidence, CopiesByNumber copies) {
    if (evidence.topic().isPresent() && evidence.topic().get().isOrdered()) {
      TopicTicks topic = evidence.topic().get();
      List<Tick> folded =
          CandleTicks.accepted(
              topic.ticks().stream()
                  .filter(
                      copy ->
                          evidence.rejects().isEmpty() || copies.reject(copy.tick().id()).isEmpty())
                  .toList());
      return new FoldedTicks(folded, true, topic.from());
    }
    List<Tick> once = new ArrayList<>();
    Set<TickId> seen = new HashSet<>();
    evidence.rows().stream()
        .sorted(Tick.BY_ARRIVAL)
        .filter(row -> seen.add(row.id()))
        .forEach(once::add);
    return new FoldedTicks(once, false, Long.MIN_VALUE);
  }
}
