package io.marketstream.auditor.evidence;

import java.io.Serializable;

/** How far the job had come when the tables were read. What it had not reached is on its way. */
public interface JobProgress extends Serializable {
  /** For tables that nobody writes any more. */
  JobProgress EVERYTHING =
      new JobProgress() {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean covers(RecordPosition position) {
          return true;
        }

        @Override
        public boolean coversRowsWrittenAt(long writtenAt) {
          return true;
        }
      };

  /** Whether the job had written what it makes of this record. */
  boolean covers(RecordPosition position);

  /**
   * Whether the job had written what it makes of every record that was in the topic before a row
   * was written.
   *
   * @param writtenAt epoch ms, the row's write time
   */
  boolean coversRowsWrittenAt(long writtenAt);
}
