package io.marketstream.embedded.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExitCodeTest {
  @Test
  void aProcessThatTheKernelKilledIsExplained() {
    assertThat(ExitCode.describe(137)).startsWith("137").contains("out of memory", "4 GB", "dmesg");
    assertThat(ExitCode.describe(1)).isEqualTo("1");
  }
}
