package io.marketstream.api.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CachedTest {
  private final List<CompletableFuture<String>> asked = new ArrayList<>();
  private long nowMs;
  private boolean isAway;
  private final Cached<String> cached =
      new Cached<>(Duration.ofMillis(500), () -> nowMs * 1_000_000, this::ask);

  private CompletableFuture<String> ask() {
    if (isAway) {
      throw new IllegalStateException("away");
    }
    asked.add(new CompletableFuture<>());
    return asked.get(asked.size() - 1);
  }

  private void request() {
    var unused = cached.get();
  }

  @Test
  void clientsShareAnAnswerUntilItIsTooOld() {
    CompletableFuture<String> first = cached.get();
    assertThat(cached.get()).isSameAs(first);
    asked.get(0).complete("a");
    nowMs = 500;
    assertThat(cached.get()).isCompletedWithValue("a");
    assertThat(asked).hasSize(1);
  }

  @Test
  void nobodyWaitsForTheNextAnswer() {
    request();
    asked.get(0).complete("a");
    nowMs = 501;
    assertThat(cached.get()).isCompletedWithValue("a");
    nowMs = 900;
    assertThat(cached.get()).isCompletedWithValue("a");
    assertThat(asked).as("one question at a time").hasSize(2);
    asked.get(1).complete("b");
    assertThat(cached.get()).isCompletedWithValue("b");
    nowMs = 1_002; // b was asked for at 501
    assertThat(cached.get()).isCompletedWithValue("b");
    assertThat(asked).hasSize(3);
  }

  @Test
  void anAnswerOfTwiceTheAgeIsNotGiven() {
    request();
    asked.get(0).complete("a");
    nowMs = 1_001;
    assertThat(cached.get()).isNotDone();
    assertThat(asked).hasSize(2);
  }

  @Test
  void aSlowNextAnswerIsWaitedForOnceTheOldOneIsTooOld() {
    request();
    asked.get(0).complete("a");
    nowMs = 600;
    assertThat(cached.get()).isCompletedWithValue("a");
    nowMs = 1_001;
    assertThat(cached.get()).isSameAs(asked.get(1)).isNotDone();
    assertThat(asked).hasSize(2);
  }

  @Test
  void aFailureIsNotKept() {
    request();
    asked.get(0).completeExceptionally(new IllegalStateException("away"));
    assertThat(cached.get()).isNotDone();
    asked.get(1).complete("b");
    assertThat(cached.get()).isCompletedWithValue("b");
  }

  @Test
  void afterAFailureTheOldAnswerIsGivenUntilItIsTooOld() {
    request();
    asked.get(0).complete("a");
    nowMs = 600;
    request();
    asked.get(1).completeExceptionally(new IllegalStateException("away"));
    assertThat(cached.get()).isCompletedWithValue("a");
    nowMs = 1_001;
    assertThat(cached.get()).isNotDone();
  }

  @Test
  void aQuestionThatCannotBeAskedFailsAndIsAskedAgain() {
    isAway = true;
    assertThatThrownBy(cached::get).hasMessage("away");
    isAway = false;
    request();
    asked.get(0).complete("a");
    assertThat(cached.get()).isCompletedWithValue("a");
  }
}
