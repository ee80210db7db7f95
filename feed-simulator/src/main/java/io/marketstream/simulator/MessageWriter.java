package io.marketstream.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * Writes messages to connections and what became of them to the journal. Its writing methods belong
 * to the sender thread; pause and copies may be set by any.
 */
final class MessageWriter {

  private final Feed feed;
  private final TickJournal journal;
  private final Clock clock;
  private volatile boolean paused;
  private volatile int copies = 1;

  MessageWriter(Feed feed, TickJournal journal, Clock clock) {
    this.feed = feed;
    this.journal = journal;
    this.clock = clock;
  }

  /** Whether ticks are held back; messages without ticks are not. */
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

  /**
   * Writes one message to every connection that subscribed anything.
   *
   * @return how many it was written to
   */
  int writeToSubscribers(
      OpenConnections connections, byte opCode, byte[] payload, List<? extends SimTick> ticks) {
    int written = 0;
    for (FeedConnection connection : connections) {
      if (!connection.subscriptions().isEmpty() && write(connection, opCode, payload, ticks)) {
        written++;
      }
    }
    return written;
  }

  /** Writes one message with all its copies; whether all were written. A stalled one gets none. */
  boolean write(
      FeedConnection connection, byte opCode, byte[] payload, List<? extends SimTick> ticks) {
    boolean complete = !connection.isStalled() && !(paused && !ticks.isEmpty());
    int times = OpCode.isControlFrame(opCode) ? 1 : copies;
    for (int copy = 0; complete && copy < times; copy++) {
      complete = writeOnce(connection, opCode, payload, ticks);
    }
    return complete;
  }

  private boolean writeOnce(
      FeedConnection connection, byte opCode, byte[] payload, List<? extends SimTick> ticks) {
    try {
      if (connection.write(opCode, payload)) {
        journal.wrote(connection.number(), ticks, feed, clock.millis());
        return true;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the journal of " + feed.wireName(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    journal.failed(ticks);
    return false;
  }
}
