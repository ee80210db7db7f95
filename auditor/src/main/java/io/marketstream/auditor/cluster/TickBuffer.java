package io.marketstream.auditor.cluster;

import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TopicTick;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Ticks of one symbol and partition in the order of the topic, with about 40 bytes per tick, and 20
 * more with a trade id. Numbers are stored as differences to the previous tick. Not thread-safe.
 */
final class TickBuffer {
  private static final int SEGMENT_BYTES = 64 * 1024;

  private final String topic;
  private final int partition;
  private final List<byte[]> segments = new ArrayList<>(1);
  private byte[] segment = new byte[256];
  private int size;
  private long ticks;
  private long offset;
  private long session;
  private long sequence;
  private long eventTime;
  private long receivedAt;

  TickBuffer(String topic, int partition) {
    this.topic = topic;
    this.partition = partition;
  }

  void add(long offset, Tick tick) {
    writeLong(offset - this.offset);
    writeLong(tick.id().session() - session);
    writeLong(tick.id().sequence() - sequence);
    writeLong(tick.eventTime() - eventTime);
    writeLong(tick.receivedAt() - receivedAt);
    writeText(tick.kind());
    writeDecimal(tick.price());
    writeDecimal(tick.volume());
    writeLong(tick.conditions().size());
    tick.conditions().forEach(this::writeText);
    writeTrade(tick);
    this.offset = offset;
    session = tick.id().session();
    sequence = tick.id().sequence();
    eventTime = tick.eventTime();
    receivedAt = tick.receivedAt();
    ticks++;
    if (size >= SEGMENT_BYTES) {
      segments.add(Arrays.copyOf(segment, size));
      segment = new byte[SEGMENT_BYTES + 1024];
      size = 0;
    }
  }

  long ticks() {
    return ticks;
  }

  Iterator<TopicTick> iterator() {
    List<byte[]> all = new ArrayList<>(segments);
    all.add(Arrays.copyOf(segment, size));
    return new Reader(topic, partition, all);
  }

  /** Returns the content. Only for a buffer with so few ticks that they fill no segment. */
  byte[] bytes() {
    return Arrays.copyOf(segment, size);
  }

  /** Reads the result of {@link #bytes}. */
  static Iterator<TopicTick> read(String topic, int partition, byte[] bytes) {
    return new Reader(topic, partition, new ArrayList<>(List.of(bytes)));
  }

  /** Writes a number. Small numbers of either sign need few bytes. */
  private void writeLong(long value) {
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      write((byte) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    write((byte) rest);
  }

  private void writeBytes(byte[] bytes) {
    writeLong(bytes.length);
    for (byte each : bytes) {
      write(each);
    }
  }

  private void writeText(String text) {
    writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes one byte for a tick without trade id, side and origin. */
  private void writeTrade(Tick tick) {
    List<@Nullable String> texts = Arrays.asList(tick.tradeId(), tick.side(), tick.origin());
    int present = 0;
    for (int i = 0; i < texts.size(); i++) {
      present |= texts.get(i) == null ? 0 : 1 << i;
    }
    write((byte) present);
    for (String text : texts) {
      if (text != null) {
        writeText(text);
      }
    }
  }

  private void writeDecimal(@Nullable BigDecimal value) {
    if (value == null) {
      writeLong(-1);
      return;
    }
    writeBytes(value.unscaledValue().toByteArray());
    writeLong(value.scale());
  }

  private void write(byte value) {
    if (size == segment.length) {
      segment = Arrays.copyOf(segment, size * 2);
    }
    segment[size++] = value;
  }

  /** Reads the ticks in the order in which they were added. */
  private static final class Reader implements Iterator<TopicTick> {
    private final String topic;
    private final int partition;
    private final List<byte[]> all;
    private int segmentIndex;
    private int at;
    private long ofOffset;
    private long ofSession;
    private long ofSequence;
    private long ofEventTime;
    private long ofReceivedAt;

    Reader(String topic, int partition, List<byte[]> all) {
      this.topic = topic;
      this.partition = partition;
      this.all = all;
    }

    @Override
    public boolean hasNext() {
      while (segmentIndex < all.size() && at == all.get(segmentIndex).length) {
        all.set(segmentIndex, null); // read once
        segmentIndex++;
        at = 0;
      }
      return segmentIndex < all.size();
    }

    @Override
    public TopicTick next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      ofOffset += readLong();
      ofSession += readLong();
      ofSequence += readLong();
      ofEventTime += readLong();
      ofReceivedAt += readLong();
      String kind = readText();
      BigDecimal price = Objects.requireNonNull(readDecimal(), "every tick has a price");
      BigDecimal volume = readDecimal();
      long codes = readLong();
      List<String> conditions = codes == 0 ? List.of() : new ArrayList<>();
      for (long i = 0; i < codes; i++) {
        conditions.add(readText());
      }
      int present = all.get(segmentIndex)[at++];
      return new TopicTick(
          new RecordPosition(topic, partition, ofOffset),
          new Tick(
              new TickId(ofSession, ofSequence),
              ofEventTime,
              ofReceivedAt,
              kind,
              price,
              volume,
              conditions,
              (present & 1) == 0 ? null : readText(),
              (present & 2) == 0 ? null : readText(),
              (present & 4) == 0 ? null : readText()));
    }

    private long readLong() {
      long value = 0;
      int shift = 0;
      byte each;
      do {
        each = all.get(segmentIndex)[at++];
        value |= (long) (each & 0x7F) << shift;
        shift += 7;
      } while (each < 0);
      return (value >>> 1) ^ -(value & 1);
    }

    private byte[] readBytes(long length) {
      byte[] bytes = Arrays.copyOfRange(all.get(segmentIndex), at, at + (int) length);
      at += (int) length;
      return bytes;
    }

    private String readText() {
      return new String(readBytes(readLong()), StandardCharsets.UTF_8);
    }

    private @Nullable BigDecimal readDecimal() {
      long length = readLong();
      if (length < 0) {
        return null;
      }
      byte[] unscaled = readBytes(length);
      return new BigDecimal(new BigInteger(unscaled), (int) readLong());
    }
  }
}
