package io.marketstream.auditor.evidence;

import java.io.Serializable;

/**
 * What tells a tick from every other of its symbol.
 *
 * @param session epoch ms at which its connection opened
 * @param sequence its number within the session, from 0
 */
public record TickId(long session, long sequence) implements Serializable {
  @Override
  public String toString() {
    return session + "/" + sequence;
  }
}
