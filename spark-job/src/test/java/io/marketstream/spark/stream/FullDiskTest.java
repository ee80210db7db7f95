package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FullDiskTest {

  @Test
  void aFullDiskIsKnownByTheWordsOfTheSystemHoweverDeep() {
    Throwable local =
        new IllegalStateException(
            "org.apache.hadoop.fs.FSError: java.io.IOException: No space left on device");

    assertThat(FullDisk.isCauseOf(new IllegalStateException("aborted", local))).isTrue();
    assertThat(FullDisk.isCauseOf(new IOException("Disk quota exceeded"))).isTrue();
    assertThat(
            FullDisk.isCauseOf(
                new IllegalStateException(
                    "Task 0 failed: org.apache.hadoop.hdfs.protocol.DSQuotaExceededException: The"
                        + " DiskSpace quota of /checkpoint is exceeded")))
        .isTrue();
  }

  @Test
  void anythingElseIsNot() {
    assertThat(FullDisk.isCauseOf(new IOException("Permission denied"))).isFalse();
    assertThat(FullDisk.isCauseOf(new IllegalStateException())).isFalse();
  }
}
