package io.marketstream.simulator.server;

import io.marketstream.simulator.fault.SlowReaders;
import io.marketstream.simulator.journal.Feed;
import io.marketstream.simulator.journal.TickJournal;
import io.marketstream.simulator.market.SimTick;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.core.OpCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages to connections, and records the result in the journal. Messages are queued on the
 * sender thread of the simulator. Each connection then writes its own messages in that order. Other
 * methods may be called from any thread.
 */
final class MessageWriter {

  private static final Logger LOG = LoggerFactory.getLogger(MessageWriter.class);

  /** Policy violation: the usual close code for slow readers. */
  private static final int SLOW_READER_CODE = 1008;

  private final Feed feed;
  private final TickJournal journal;
  private final Clock clock;
  private volatile boolean paused;
  private volatile int copies = 1;
  private volatile SlowReaders slowReaders;
  private final AtomicLong slowReadersCut = new AtomicLong();
  private final Consumer<Runnable> later;

  /**
   * @param later runs a task after one second
   */
  MessageWriter(
      Feed feed,
      TickJournal journal,
      Clock clock,
      SlowReaders slowReaders,
      Consumer<Runnable> later) {
    this.slowReaders = slowReaders;
    this.later = later;
    this.feed = feed;
    this.journal = journal;
    this.clock = clock;
  }

  /** Whether ticks are paused. Messages without ticks are sent even then. */
  boolean isPaused() {
    return paused;
  }

  void setPaused(boolean newPaused) {
    paused = newPaused;
  }

  /** How many times every data message is sent. */
  void setCopies(int newCopies) {
    copies = newCopies;
  }

  /** What happens to clients that do not read. */
  void setSlowReaders(SlowReaders newSlowReaders) {
    slowReaders = newSlowReaders;
  }

  /** How many connections were ended because the client did not read. */
  long slowReadersCut() {
    return slowReadersCut.get();
  }

  /** Gives a connection its outbox; {@code ended} runs after its last message. */
  void open(FeedConnection connection, Runnable ended) {
    connection.outbox(
        new Outbox(
            feed.wireName() + "-simulator-sender-" + connection.number(),
            message -> write(connection, message),
            ended));
  }

  /**
   * Sends one message to every connection that has a subscription.
   *
   * @return per connection, whether it was written
   */
  List<CompletableFuture<Boolean>> sendToSubscribers(
      OpenConnections connections, byte opCode, byte[] payload, List<? extends SimTick> ticks) {
    List<CompletableFuture<Boolean>> written = new ArrayList<>();
    for (FeedConnection connection : connections) {
      if (!connection.subscriptions().isEmpty()) {
        written.add(send(connection, opCode, payload, ticks));
      }
    }
    return written;
  }

  /** Sends one message to a connection, or applies the rule for slow readers if too much waits. */
  CompletableFuture<Boolean> send(
      FeedConnection connection, byte opCode, byte[] payload, List<? extends SimTick> ticks) {
    SlowReaders rule = slowReaders;
    Outbox.Message message = new Outbox.Message(opCode, payload, ticks, new CompletableFuture<>());
    if (connection.outbox().queuedBytes() >= rule.maxQueuedBytes()) {
      message.written().complete(false);
      cutOff(connection, rule.action());
    } else {
      connection.outbox().add(message);
    }
    return message.written();
  }

  private void cutOff(FeedConnection connection, SlowReaders.Action action) {
    if (action == SlowReaders.Action.SKIP || !connection.markCut()) {
      return;
    }
    slowReadersCut.incrementAndGet();
    LOG.info("{}: connection {} does not read: {}", feed.wireName(), connection.number(), action);
    connection.outbox().close();
    if (action == SlowReaders.Action.RESET) {
      connection.reset();
      return;
    }
    if (action == SlowReaders.Action.CLOSE) {
      // The close frame waits behind the unread messages. A client that reads on receives it.
      connection.close(SLOW_READER_CODE, "slow reader");
      later.accept(connection::drop);
      return;
    }
    connection.drop();
  }

  /**
   * Writes one message with all its copies. Returns whether all were written. A stalled connection
   * receives none.
   */
  private boolean write(FeedConnection connection, Outbox.Message message) {
    boolean complete = !connection.isStalled() && !(paused && !message.ticks().isEmpty());
    int times = OpCode.isControlFrame(message.opCode()) ? 1 : copies;
    for (int copy = 0; complete && copy < times; copy++) {
      complete = writeOnce(connection, message);
    }
    return complete;
  }

  private boolean writeOnce(FeedConnection connection, Outbox.Message message) {
    try {
      if (connection.write(message.opCode(), message.payload())) {
        journal.wrote(connection.number(), message.ticks(), feed, clock.millis());
        return true;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the journal of " + feed.wireName(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    journal.failed(message.ticks());
    return false;
  }
}
