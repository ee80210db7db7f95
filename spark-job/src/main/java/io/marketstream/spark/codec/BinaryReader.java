package io.marketstream.spark.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Reads values that {@link BinaryWriter} wrote, in the same order. */
public final class BinaryReader {
  private final byte[] bytes;
  private int at;

  public BinaryReader(byte[] bytes) {
    this.bytes = bytes;
  }

  public int readByte() {
    return bytes[at++];
  }

  public long readLong() {
    long value = 0;
    int shift = 0;
    byte group;
    do {
      group = bytes[at++];
      value |= (group & 0x7FL) << shift;
      shift += 7;
    } while (group < 0);
    return (value >>> 1) ^ -(value & 1);
  }

  public int readInt() {
    return Math.toIntExact(readLong());
  }

  public String readText() {
    int length = readInt();
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  public BigDecimal readDecimal() {
    int scale = readInt();
    int length = readInt();
    BigInteger unscaled = new BigInteger(bytes, at, length);
    at += length;
    return new BigDecimal(unscaled, scale);
  }

  /** Returns whether everything has been read. */
  public boolean isAtEnd() {
    return at == bytes.length;
  }
}
