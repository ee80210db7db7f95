package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.ledger.Subscriptions;
import io.marketstream.feed.protocol.Subscription;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubscribeQueueTest {

  private final FeedSessionHarness.ToyProtocol protocol = new FeedSessionHarness.ToyProtocol();
  private final Subscriptions subscriptions =
      new Subscriptions(List.of("A", "B", "C"), false, false, Duration.ofMinutes(1));
  private final SubscribeQueue queue = new SubscribeQueue(protocol, subscriptions);

  @BeforeEach
  void open() {
    protocol.symbols = List.of("A", "B", "C");
    subscriptions.opened(Duration.ZERO);
    queue.opened();
  }

  /** Takes a frame and sends it. */
  private String next() {
    Subscription next = queue.next();
    if (next == null) {
      return "nothing";
    }
    subscriptions.requested(next.symbols(), 0);
    return next.frame();
  }

  private void subscribeToAll() {
    assertThat(List.of(next(), next(), next(), next()))
        .containsExactly("subscribe A", "subscribe B", "subscribe C", "nothing");
  }

  @Test
  void retriesThatAreDueTogetherKeepThePace() {
    subscribeToAll();
    subscriptions.refused("A");
    subscriptions.refused("B");
    assertThat(queue.retry("A")).isTrue();
    assertThat(next()).isEqualTo("subscribe A");
    assertThat(queue.retry("B")).as("a further frame would come before the interval").isFalse();
    assertThat(List.of(next(), next())).containsExactly("subscribe B", "nothing");
    subscriptions.refused("C");
    assertThat(queue.retry("C")).isTrue();
    assertThat(next()).isEqualTo("subscribe C");
  }

  @Test
  void retriesWaitForTheFirstSubscriptions() {
    assertThat(next()).isEqualTo("subscribe A");
    subscriptions.refused("A");
    assertThat(queue.retry("A")).isFalse();
    assertThat(List.of(next(), next(), next(), next()))
        .containsExactly("subscribe B", "subscribe C", "subscribe A", "nothing");
  }

  @Test
  void symbolThatIsNoLongerRefusedIsNotRetried() {
    subscribeToAll();
    subscriptions.refused("A");
    subscriptions.refused("B");
    queue.retry("A");
    queue.retry("B");
    subscriptions.ticked("A");
    assertThat(List.of(next(), next())).containsExactly("subscribe B", "nothing");
  }

  @Test
  void aNewConnectionForgetsTheRetriesOfThePreviousOne() {
    subscribeToAll();
    subscriptions.refused("A");
    queue.retry("A");
    queue.opened();
    subscribeToAll();
  }
}
