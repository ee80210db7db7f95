package io.marketstream.simulator.fault;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Frames that a feed should never send, and that a client must survive. */
public final class HostileFrames {

  /** The size of {@link #oversized()} in bytes. */
  public static final int OVERSIZED_BYTES = 10_000_000;

  /** The depth of {@link #deeplyNested()}. */
  public static final int NESTING_DEPTH = 10_000;

  private HostileFrames() {}

  /** A trade message cut in the middle of a number. */
  public static RawFrame truncatedJson() {
    return RawFrame.text("{\"data\":[{\"c\":[\"1\"],\"p\":164.06,\"s\":\"AAPL\",\"t\":16802");
  }

  /** A text frame whose symbol holds bytes that are not UTF-8, which RFC 6455 forbids. */
  public static RawFrame invalidUtf8() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("{\"data\":[{\"c\":null,\"p\":1,\"s\":\"A".getBytes(StandardCharsets.UTF_8));
    bytes.write(0xC3);
    bytes.write(0x28);
    bytes.writeBytes(
        "\",\"t\":1680286537580,\"v\":5}],\"type\":\"trade\"}".getBytes(StandardCharsets.UTF_8));
    return RawFrame.textBytes(bytes.toByteArray());
  }

  /** A binary frame. */
  public static RawFrame binary() {
    return RawFrame.binary(new byte[] {0, 1, 2, 3, (byte) 0xFF});
  }

  /** One text frame of 10 MB, valid JSON. */
  public static RawFrame oversized() {
    return oversized(OVERSIZED_BYTES);
  }

  /** One text frame of exactly {@code bytes} bytes, valid JSON. */
  public static RawFrame oversized(int bytes) {
    String head = "{\"type\":\"trade\",\"pad\":\"";
    String tail = "\"}";
    return RawFrame.text(head + "x".repeat(bytes - head.length() - tail.length()) + tail);
  }

  /** Arrays nested 10,000 deep, closed properly. */
  public static RawFrame deeplyNested() {
    return deeplyNested(NESTING_DEPTH);
  }

  /** Arrays nested {@code depth} deep in place of the data, closed properly. */
  public static RawFrame deeplyNested(int depth) {
    return RawFrame.text(
        "{\"data\":" + "[".repeat(depth) + "]".repeat(depth) + ",\"type\":\"trade\"}");
  }

  /** A text frame that is not JSON. */
  public static RawFrame notJson() {
    return RawFrame.text("<html><body>502 Bad Gateway</body></html>");
  }

  /** A text frame of length 0. */
  public static RawFrame empty() {
    return RawFrame.text("");
  }

  /** A message of a type that is not documented. */
  public static RawFrame unknownType() {
    return RawFrame.text("{\"data\":[],\"type\":\"surprise\"}");
  }

  /** A price that is a billion digits once expanded. */
  public static RawFrame hugeExponent() {
    return RawFrame.text(
        "{\"data\":[{\"c\":null,\"p\":1e999999999,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":5}],\"type\":\"trade\"}");
  }

  /** Every frame above by the name that the control endpoint gives it. */
  public static Map<String, Supplier<RawFrame>> byName() {
    Map<String, Supplier<RawFrame>> frames = new LinkedHashMap<>();
    frames.put("truncated-json", HostileFrames::truncatedJson);
    frames.put("invalid-utf8", HostileFrames::invalidUtf8);
    frames.put("binary", HostileFrames::binary);
    frames.put("oversized", HostileFrames::oversized);
    frames.put("deeply-nested", HostileFrames::deeplyNested);
    frames.put("not-json", HostileFrames::notJson);
    frames.put("empty", HostileFrames::empty);
    frames.put("unknown-type", HostileFrames::unknownType);
    frames.put("huge-exponent", HostileFrames::hugeExponent);
    return frames;
  }
}
