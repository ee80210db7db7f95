package io.marketstream.spark.checkpoint;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FsConstants;
import org.apache.hadoop.fs.FsServerDefaults;
import org.apache.hadoop.fs.Options.ChecksumOpt;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.local.LocalConfigKeys;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local file system for Spark's checkpoint that starts no processes.
 *
 * <p>Hadoop's own class starts ten processes ({@code chmod}, {@code readlink}) for each file that
 * it writes and renames. The setting {@code fs.AbstractFileSystem.file.impl} makes Spark use this
 * class for {@code file:}. It does not affect other schemes.
 *
 * <p>A rename is atomic. Without the option to overwrite, it fails if the target exists, even if
 * another process creates the target at the same moment. The class writes no {@code .crc} files:
 * the disk checks its own data, and a file is renamed only when it is complete.
 *
 * <p>Thread-safe.
 */
public final class ForklessLocalFs extends DelegateToFileSystem {
  /**
   * The setting ({@code true} or {@code false}) that forces a file to disk before it is renamed,
   * and the new name to disk before the rename returns.
   */
  public static final String FSYNC = "marketstream.checkpoint.fsync";

  private static final Logger LOG = LoggerFactory.getLogger(ForklessLocalFs.class);

  private final boolean fsync;

  /** Called by Hadoop. */
  public ForklessLocalFs(URI uri, Configuration conf) throws IOException, URISyntaxException {
    super(uri, new Raw(), conf, FsConstants.LOCAL_FS_URI.getScheme(), false);
    this.fsync = conf.getBoolean(FSYNC, false);
  }

  /** Hadoop's class without the methods that start processes. */
  private static final class Raw extends RawLocalFileSystem {
    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      java.nio.file.Path file = pathToFile(path).toPath();
      PosixFileAttributeView posix = Files.getFileAttributeView(file, PosixFileAttributeView.class);
      if (posix != null) { // null on Windows
        posix.setPermissions(
            PosixFilePermissions.fromString(
                permission.getUserAction().SYMBOL
                    + permission.getGroupAction().SYMBOL
                    + permission.getOtherAction().SYMBOL));
      }
    }

    /** A checkpoint holds no links. */
    @Override
    public FileStatus getFileLinkStatus(Path path) throws IOException {
      return getFileStatus(path);
    }
  }

  @Override
  public int getUriDefaultPort() {
    return -1; // a path has no port
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester") // the deprecation is Hadoop's
  public FsServerDefaults getServerDefaults() throws IOException {
    return LocalConfigKeys.getServerDefaults();
  }

  @Override
  public FsServerDefaults getServerDefaults(Path path) throws IOException {
    return LocalConfigKeys.getServerDefaults();
  }

  @Override
  public boolean isValidName(String path) {
    return true; // the operating system rejects invalid names
  }

  @Override
  public FSDataOutputStream createInternal(
      Path path,
      EnumSet<CreateFlag> flags,
      FsPermission permission,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress,
      ChecksumOpt checksum,
      boolean createParent)
      throws IOException {
    FSDataOutputStream file =
        super.createInternal(
            path,
            flags,
            permission,
            bufferSize,
            replication,
            blockSize,
            progress,
            checksum,
            createParent);
    return fsync ? new FSDataOutputStream(new Synced(file), null) : file;
  }

  /** A stream that forces its content to disk when it is closed. */
  private static final class Synced extends OutputStream {
    private final FSDataOutputStream file;

    Synced(FSDataOutputStream file) {
      this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
      file.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      file.write(bytes, from, count);
    }

    @Override
    public void flush() throws IOException {
      file.flush();
    }

    @Override
    public void close() throws IOException {
      try (file) {
        file.hsync();
      }
    }
  }

  @Override
  public void renameInternal(Path source, Path target, boolean overwrite) throws IOException {
    java.nio.file.Path from = local(source);
    java.nio.file.Path to = local(target);
    if (overwrite) {
      move(from, to);
    } else {
      moveToNew(from, to);
    }
    if (fsync) {
      try (FileChannel folder = FileChannel.open(to.getParent(), StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }

  @Override
  public void renameInternal(Path source, Path target) throws IOException {
    renameInternal(source, target, false);
  }

  private static void move(java.nio.file.Path from, java.nio.file.Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      throw notFound(e);
    }
  }

  private static void moveToNew(java.nio.file.Path from, java.nio.file.Path to) throws IOException {
    if (Files.isDirectory(from)) {
      requireNew(to);
      move(from, to); // the system refuses a target directory that is not empty
      return;
    }
    try {
      Files.createLink(to, from); // unlike a move, it fails if the target exists
    } catch (java.nio.file.FileAlreadyExistsException e) {
      throw alreadyExists(to);
    } catch (NoSuchFileException e) {
      throw notFound(e);
    } catch (UnsupportedOperationException | java.nio.file.FileSystemException e) {
      // Some network and FUSE file systems have no hard links.
      LOG.debug("{} cannot be linked and is moved instead", from, e);
      requireNew(to);
      move(from, to);
      return;
    }
    Files.delete(from);
  }

  private static void requireNew(java.nio.file.Path to) throws FileAlreadyExistsException {
    if (Files.exists(to)) {
      throw alreadyExists(to);
    }
  }

  private static FileAlreadyExistsException alreadyExists(java.nio.file.Path to) {
    return new FileAlreadyExistsException("rename destination " + to + " already exists.");
  }

  private static IOException notFound(NoSuchFileException e) {
    IOException notFound = new java.io.FileNotFoundException(e.getMessage());
    notFound.initCause(e);
    return notFound;
  }

  private static java.nio.file.Path local(Path path) {
    return new File(path.toUri().getPath()).toPath();
  }
}
