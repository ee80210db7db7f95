package io.marketstream.auditor.evidence;

import java.io.Serializable;

/**
 * How far the job had come when the tables were read. Records that it had not reached were on their
 * way.
 */
public interface JobProgress extends Serializable {
  /** The progress for tables that are not written any more. */
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

  /** Whether the job had written the rows of this record. */
  boolean covers(RecordPosition position);

  /**
   * Whether the job had written the rows of all records that were in the topic when a certain row
   * was written.
   *
   * @param writtenAt epoch ms, the row's write time
   */
  boolean coversRowsWrittenAt(long writtenAt);
}
