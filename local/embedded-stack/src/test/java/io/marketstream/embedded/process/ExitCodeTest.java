package io.marketstream.embedded.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExitCodeTest {
  @Test
  void aProcessThatTheKernelKilledIsExplained() {
    assertThat(ExitCode.shown(137)).startsWith("137").contains("out of memory", "4 GB", "dmesg");
    assertThat(ExitCode.shown(1)).isEqualTo("1");
  }
}
