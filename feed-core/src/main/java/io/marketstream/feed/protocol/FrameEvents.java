package io.marketstream.feed.protocol;

import com.fasterxml.jackson.core.JsonParser;
import io.marketstream.model.RejectReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the events of one frame. Up to {@value #MAX_REJECTS} bad entries are rejected one by
 * one. All further ones become a single reject, so that a frame cannot take many times its own size
 * in memory and records.
 */
public final class FrameEvents {

  public static final int MAX_REJECTS = 100;

  private final String frame;
  private final List<FeedEvent> events = new ArrayList<>(10);
  private int rejects;
  private @Nullable RejectReason firstFolded;

  public FrameEvents(String frame) {
    this.frame = frame;
  }

  /** Adds a tick. */
  public void add(FeedEvent.Tick tick) {
    events.add(tick);
  }

  /**
   * Rejects the entry from the char {@code start} of the frame to the end of the parser's current
   * token.
   */
  public void reject(RejectReason reason, String detail, long start, JsonParser parser)
      throws IOException {
    rejects++;
    if (rejects <= MAX_REJECTS) {
      events.add(new FeedEvent.Rejected(reason, detail, FrameJson.slice(frame, start, parser)));
    } else if (firstFolded == null) {
      firstFolded = reason;
    }
  }

  /** The events in wire order, with the reject for the further bad entries at the end. */
  public List<FeedEvent> toList() {
    if (firstFolded == null) {
      return events;
    }
    List<FeedEvent> all = new ArrayList<>(events);
    all.add(
        new FeedEvent.Rejected(
            firstFolded, (rejects - MAX_REJECTS) + " more bad entries of one frame", frame));
    return all;
  }
}
