package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FullDiskFailureTest {

  @Test
  void aFullDiskIsRecognizedByItsMessage() {
    Throwable local =
        new IllegalStateException(
            "org.apache.hadoop.fs.FSError: java.io.IOException: No space left on device");

    assertThat(FullDiskFailure.isCauseOf(new IllegalStateException("aborted", local))).isTrue();
    assertThat(FullDiskFailure.isCauseOf(new IOException("Disk quota exceeded"))).isTrue();
    assertThat(
            FullDiskFailure.isCauseOf(
                new IllegalStateException(
                    "Task 0 failed: org.apache.hadoop.hdfs.protocol.DSQuotaExceededException: The"
                        + " DiskSpace quota of /checkpoint is exceeded")))
        .isTrue();
  }

  @Test
  void anythingElseIsNot() {
    assertThat(FullDiskFailure.isCauseOf(new IOException("Permission denied"))).isFalse();
    assertThat(FullDiskFailure.isCauseOf(new IllegalStateException())).isFalse();
  }
}
