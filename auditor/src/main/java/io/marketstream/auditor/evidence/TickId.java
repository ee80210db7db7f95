package io.marketstream.auditor.evidence;

import java.io.Serializable;

/**
 * Identifies a tick among those of its symbol.
 *
 * @param session epoch ms at which its connection opened
 * @param sequence its number in the session, from 0
 */
public record TickId(long session, long sequence) implements Serializable {
  @Override
  public String toString() {
    return session + "/" + sequence;
  }
}
