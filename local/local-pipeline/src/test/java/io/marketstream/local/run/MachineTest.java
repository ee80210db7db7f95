package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
  @TempDir Path folder;

  @Test
  void scarceMemoryIsAWarning() {
    assertThat(Machine.memoryWarning(24_000, 20_000)).isEmpty();
    assertThat(Machine.memoryWarning(3_900, 3_000)).isEmpty();
    assertThat(Machine.memoryWarning(3_000, 2_900)).get().asString().contains("3000 MB", "4 GB");
    assertThat(Machine.memoryWarning(24_000, 900)).get().asString().contains("900 MB are free");
  }

  @Test
  void thisMachineIsSupported() {
    assertThatCode(Machine::requireSupported).doesNotThrowAnyException();
    assertThatCode(() -> Machine.requireExecutable(folder)).doesNotThrowAnyException();
    assertThat(folder).isEmptyDirectory();
  }
}
