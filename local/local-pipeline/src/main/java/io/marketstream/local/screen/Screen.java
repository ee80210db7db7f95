package io.marketstream.local.screen;

/** Where the person at the terminal sees what happens. Used by several threads. */
public interface Screen extends AutoCloseable {
  /** One line of its own that stays. */
  void line(String text);

  /** Something that takes long begins: {@code Cassandra 5.0.9}. */
  void begin(String what);

  /** It is done. */
  void done(String what, String result);

  /** The state of the running pipeline, about once a second. */
  void show(Snapshot snapshot);

  /** No further {@link #show}: lines follow. */
  void endOfTable();

  /** Leaves the terminal as it was. */
  @Override
  void close();
}
