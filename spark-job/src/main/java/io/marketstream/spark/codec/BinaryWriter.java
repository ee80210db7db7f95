package io.marketstream.spark.codec;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes values as compact bytes, for {@link BinaryReader}.
 *
 * <p>Integers are written in 7-bit groups (ZigZag), texts as UTF-8, and decimals as scale and
 * unscaled value. A length precedes each text and each unscaled value.
 */
public final class BinaryWriter {
  private byte[] buffer = new byte[256];
  private int size;

  public void writeByte(int value) {
    reserve(1);
    buffer[size++] = (byte) value;
  }

  public void writeLong(long value) {
    reserve(10);
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      buffer[size++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
  }

  public void writeText(String value) {
    writeBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  public void writeDecimal(BigDecimal value) {
    writeLong(value.scale());
    writeBytes(value.unscaledValue().toByteArray());
  }

  /** Returns everything that was written. */
  public byte[] toBytes() {
    return Arrays.copyOf(buffer, size);
  }

  private void writeBytes(byte[] bytes) {
    writeLong(bytes.length);
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
  }

  private void reserve(int more) {
    if (size + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}
