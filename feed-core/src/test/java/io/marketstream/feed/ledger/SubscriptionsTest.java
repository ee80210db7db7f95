package io.marketstream.feed.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubscriptionsTest {

  private static final long SECOND = 1_000_000_000L;

  private static Subscriptions opened(String... symbols) {
    Subscriptions subscriptions =
        new Subscriptions(List.of(symbols), false, false, Duration.ofMinutes(1));
    subscriptions.opened(Duration.ofMillis(20));
    return subscriptions;
  }

  @Test
  void aSubscriptionTakesEffectASecondAfterItWasAskedFor() {
    Subscriptions subscriptions = opened("A", "B");
    assertThat(subscriptions.isEffective("A", 5 * SECOND)).isFalse();
    subscriptions.requested(List.of("A"), 5 * SECOND);
    assertThat(subscriptions.isEffective("A", 6 * SECOND - 1)).isFalse();
    assertThat(subscriptions.isEffective("A", 6 * SECOND)).isTrue();
    assertThat(subscriptions.isEffective("B", 6 * SECOND)).isFalse();
  }

  @Test
  void aFeedThatIsFarAwayTakesAsLongAsItsHandshake() {
    Subscriptions subscriptions = opened("A");
    subscriptions.opened(Duration.ofSeconds(4));
    subscriptions.requested(List.of("A"), 0);
    assertThat(subscriptions.isEffective("A", 4 * SECOND - 1)).isFalse();
    assertThat(subscriptions.isEffective("A", 4 * SECOND)).isTrue();
  }

  @Test
  void impliedSubscriptionIsEffectiveAtOnce() {
    Subscriptions subscriptions =
        new Subscriptions(List.of("A"), true, false, Duration.ofMinutes(1));
    subscriptions.opened(Duration.ZERO);
    assertThat(subscriptions.isEffective("A", 0)).isTrue();
  }

  private static Subscriptions answering(String... symbols) {
    Subscriptions subscriptions =
        new Subscriptions(List.of(symbols), false, true, Duration.ofMinutes(1));
    subscriptions.opened(Duration.ofMillis(20));
    return subscriptions;
  }

  @Test
  void anAnsweringFeedMustConfirmEachSymbol() {
    Subscriptions subscriptions = answering("A", "B", "C");
    subscriptions.requested(List.of("A"), 0);
    subscriptions.requested(List.of("B", "C"), 0);
    assertThat(subscriptions.isEffective("A", 60 * SECOND)).as("no answer yet").isFalse();
    subscriptions.answered(Set.of("A"));
    subscriptions.confirmed("B");
    assertThat(subscriptions.isEffective("A", SECOND - 1)).isFalse();
    assertThat(subscriptions.isEffective("A", SECOND)).isTrue();
    assertThat(subscriptions.isEffective("B", SECOND)).isTrue();
    assertThat(subscriptions.isEffective("C", 60 * SECOND)).isFalse();
  }

  @Test
  void aRetryMustBeConfirmedAgain() {
    Subscriptions subscriptions = answering("A");
    subscriptions.requested(List.of("A"), 0);
    subscriptions.answered(Set.of("A"));
    subscriptions.refused("A");
    subscriptions.requested(List.of("A"), 0);
    assertThat(subscriptions.isEffective("A", 60 * SECOND)).isFalse();
  }

  @Test
  void aSubscriptionWithoutAnAnswerIsRefused() {
    Subscriptions subscriptions = answering("A", "B", "C", "D", "E");
    subscriptions.requested(List.of("A", "B", "C", "D"), 0);
    subscriptions.confirmed("A");
    subscriptions.refused("B");
    Set<String> ticked = Set.of("C");
    assertThat(subscriptions.refuseUnanswered(ticked::contains, 10 * SECOND - 1)).isEmpty();
    assertThat(subscriptions.refuseUnanswered(ticked::contains, 10 * SECOND)).containsExactly("D");
    assertThat(subscriptions.isRefused("D")).isTrue();
    assertThat(subscriptions.refuseUnanswered(ticked::contains, 20 * SECOND)).isEmpty();
    subscriptions.requested(List.of("D"), 20 * SECOND);
    assertThat(subscriptions.refuseUnanswered(ticked::contains, 30 * SECOND)).containsExactly("D");
    assertThat(subscriptions.retryAfter("D")).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void aLateAnswerEndsTheRefusal() {
    Subscriptions subscriptions = answering("A", "B");
    subscriptions.requested(List.of("A", "B"), 0);
    subscriptions.refused("B");
    subscriptions.refuseUnanswered(symbol -> false, 10 * SECOND);
    subscriptions.answered(Set.of("A", "B"));
    assertThat(subscriptions.isRefused("A")).isFalse();
    assertThat(subscriptions.isEffective("A", 11 * SECOND)).isTrue();
    assertThat(subscriptions.isRefused("B")).as("refused by name").isTrue();
  }

  @Test
  void aFeedThatDoesNotAnswerRefusesNothingBySilence() {
    Subscriptions subscriptions = opened("A");
    subscriptions.requested(List.of("A"), 0);
    assertThat(subscriptions.refuseUnanswered(symbol -> false, 60 * SECOND)).isEmpty();
  }

  @Test
  void aNewConnectionForgetsThePreviousOne() {
    Subscriptions subscriptions = opened("A");
    subscriptions.requested(List.of("A"), 0);
    subscriptions.refused("A");
    subscriptions.opened(Duration.ZERO);
    assertThat(subscriptions.isRefused("A")).isFalse();
    assertThat(subscriptions.isEffective("A", 9 * SECOND)).isFalse();
  }

  @Test
  void retryWaitDoublesUpToFifteenMinutes() {
    Subscriptions subscriptions = opened("A");
    subscriptions.requested(List.of("A"), 0);
    List<Long> minutes =
        IntStream.range(0, 6)
            .mapToObj(
                i -> {
                  assertThat(subscriptions.refused("A")).isTrue();
                  assertThat(subscriptions.refused("A")).as("refused again").isFalse();
                  subscriptions.requested(List.of("A"), 0);
                  return subscriptions.retryAfter("A").toMinutes();
                })
            .toList();
    assertThat(minutes).containsExactly(1L, 2L, 4L, 8L, 15L, 15L);

    subscriptions.ticked("A");
    subscriptions.refused("A");
    assertThat(subscriptions.retryAfter("A")).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void refusalsWithoutSymbolMeanLastSilentOnes() {
    Subscriptions subscriptions = opened("A", "B", "C", "D", "E");
    subscriptions.requested(List.of("A", "B", "C", "D"), 0);
    Set<String> ticked = Set.of("C");
    assertThat(subscriptions.refusedWithoutSymbol(ticked::contains)).isEqualTo("D");
    subscriptions.requested(List.of("E"), 0);
    assertThat(subscriptions.refusedWithoutSymbol(ticked::contains)).isEqualTo("E");
    assertThat(subscriptions.refusedWithoutSymbol(ticked::contains)).isEqualTo("B");
    assertThat(subscriptions.refusedWithoutSymbol(ticked::contains)).isEqualTo("A");
    assertThat(subscriptions.refusedWithoutSymbol(ticked::contains)).isNull();
  }

  @Test
  void aRefusalAfterARetryMeansTheRetriedSymbol() {
    Subscriptions subscriptions = opened("A", "B");
    subscriptions.requested(List.of("A", "B"), 0);
    assertThat(subscriptions.refusedWithoutSymbol(symbol -> false)).isEqualTo("B");
    subscriptions.requested(List.of("B"), 0);
    assertThat(subscriptions.refusedWithoutSymbol(symbol -> false)).isEqualTo("B");
    assertThat(subscriptions.isRefused("A")).isFalse();
    assertThat(subscriptions.retryAfter("B")).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void tickShowsThatAnotherSymbolWasRefused() {
    Subscriptions subscriptions = opened("A", "B");
    subscriptions.requested(List.of("A", "B"), 0);
    subscriptions.refusedWithoutSymbol(symbol -> false);
    assertThat(subscriptions.ticked("B")).isTrue();
    assertThat(subscriptions.isRefused("B")).isFalse();

    subscriptions.refused("B");
    assertThat(subscriptions.ticked("B")).as("the refusal named it").isFalse();
  }
}
