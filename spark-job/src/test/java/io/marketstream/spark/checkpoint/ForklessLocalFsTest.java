package io.marketstream.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForklessLocalFsTest {
  @TempDir private java.nio.file.Path dir;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFileIsWrittenReadRenamedAndDeleted(boolean fsync) throws IOException {
    FileContext files = files(fsync);
    files.mkdir(path("a/b"), null, true);
    write(files, "a/b/temporary", "content");

    files.rename(path("a/b/temporary"), path("a/b/0"), Options.Rename.NONE);

    assertThat(names("a/b")).containsExactly("0"); // no .crc either
    assertThat(read("a/b/0")).isEqualTo("content");
    assertThat(files.getFileStatus(path("a/b/0")).getLen()).isEqualTo(7);
    assertThat(files.util().exists(path("a/b/0"))).isTrue();
    files.delete(path("a/b/0"), false);
    assertThat(files.util().exists(path("a/b/0"))).isFalse();
  }

  @Test
  void aRenameToAnExistingNameFails() throws IOException {
    FileContext files = files(false);
    write(files, "mine", "mine");
    write(files, "0", "theirs");

    assertThatThrownBy(() -> files.rename(path("mine"), path("0"), Options.Rename.NONE))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(read("0")).isEqualTo("theirs");
    assertThat(read("mine")).isEqualTo("mine");

    files.rename(path("mine"), path("0"), Options.Rename.OVERWRITE);
    assertThat(read("0")).isEqualTo("mine");
    assertThat(names("")).containsExactly("0");
  }

  @Test
  void aMissingFileCannotBeRenamed() {
    for (Options.Rename option : Options.Rename.values()) {
      if (option != Options.Rename.TO_TRASH) {
        assertThatThrownBy(() -> files(false).rename(path("nothing"), path("0"), option))
            .as("%s", option)
            .isInstanceOf(FileNotFoundException.class);
      }
    }
  }

  /** With two jobs on one checkpoint, one of them must notice the other for each batch. */
  @Test
  void oneOfTwoConcurrentRenamesSucceeds() throws Exception {
    int rounds = 200;
    AtomicInteger won = new AtomicInteger();
    AtomicInteger lost = new AtomicInteger();
    Set<Throwable> others = ConcurrentHashMap.newKeySet();
    CyclicBarrier together = new CyclicBarrier(2);
    ExecutorService jobs = Executors.newFixedThreadPool(2);
    for (String job : new String[] {"one", "two"}) {
      jobs.execute(
          () -> {
            try {
              FileContext files = files(false);
              for (int round = 0; round < rounds; round++) {
                write(files, job, job);
                together.await();
                try {
                  files.rename(path(job), path("" + round), Options.Rename.NONE);
                  won.incrementAndGet();
                } catch (FileAlreadyExistsException e) {
                  lost.incrementAndGet();
                }
              }
            } catch (Exception e) {
              others.add(e);
            }
          });
    }
    jobs.shutdown();
    assertThat(jobs.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

    assertThat(others).isEmpty();
    assertThat(won).hasValue(rounds);
    assertThat(lost).hasValue(rounds);
  }

  @Test
  void filesAndFoldersHaveTheRightsOfTheUmask() throws IOException {
    Configuration conf = configuration(false);
    conf.set("fs.permissions.umask-mode", "027");
    FileContext files = FileContext.getFileContext(path("").toUri(), conf);

    files.mkdir(path("folder"), null, true);
    write(files, "file", "content");

    assertThat(rights("folder")).isEqualTo("rwxr-x---");
    assertThat(rights("file")).isEqualTo("rw-r-----");
  }

  private FileContext files(boolean fsync) throws IOException {
    return FileContext.getFileContext(path("").toUri(), configuration(fsync));
  }

  private static Configuration configuration(boolean fsync) {
    Configuration conf = new Configuration(false);
    conf.set("fs.AbstractFileSystem.file.impl", ForklessLocalFs.class.getName());
    conf.setBoolean(ForklessLocalFs.FSYNC, fsync);
    return conf;
  }

  private void write(FileContext files, String name, String content) throws IOException {
    try (FSDataOutputStream out =
        files.create(path(name), EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE))) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }

  private String read(String name) throws IOException {
    return Files.readString(dir.resolve(name));
  }

  private String rights(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve(name)));
  }

  private java.util.List<String> names(String folder) throws IOException {
    try (Stream<java.nio.file.Path> files = Files.list(dir.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private Path path(String name) {
    return new Path(dir.resolve(name).toUri());
  }
}
