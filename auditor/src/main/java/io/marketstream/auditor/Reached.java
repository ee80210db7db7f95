package io.marketstream.auditor;

import java.io.Serializable;

/** How far the job had come when the tables were read. What it had not reached is on its way. */
public interface Reached extends Serializable {
  /** For tables that nobody writes any more. */
  Reached EVERYTHING =
      new Reached() {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean covers(TopicPlace place) {
          return true;
        }

        @Override
        public boolean coversRowsWrittenAt(long writtenAt) {
          return true;
        }
      };

  /** Whether the job had written what it makes of this record. */
  boolean covers(TopicPlace place);

  /**
   * Whether the job had written what it makes of every record that was in the topic before a row
   * was written.
   *
   * @param writtenAt epoch ms, the row's write time
   */
  boolean coversRowsWrittenAt(long writtenAt);
}
