package io.marketstream.simulator.fault;

import java.nio.charset.StandardCharsets;

/**
 * One websocket message of any bytes, valid or not. It never counts as ticks.
 *
 * @param text whether it goes out as a text frame, else binary
 * @param payload the bytes, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // frames are large, and are never compared
public record RawFrame(boolean text, byte[] payload) {

  /** A text frame. */
  public static RawFrame text(String text) {
    return new RawFrame(true, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A text frame of bytes that need not be UTF-8. */
  public static RawFrame textBytes(byte[] payload) {
    return new RawFrame(true, payload);
  }

  /** A binary frame. */
  public static RawFrame binary(byte[] payload) {
    return new RawFrame(false, payload);
  }
}
