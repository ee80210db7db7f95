package io.marketstream.pipeline.containers;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Bind;
import io.marketstream.embedded.component.Component;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.process.ComponentException;
import io.marketstream.embedded.process.ComponentLog;
import io.marketstream.embedded.process.ExitCode;
import io.marketstream.embedded.start.Startable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.awaitility.core.ConditionTimeoutException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * A component in a container. Its first start creates the container, and later starts start the
 * same container again. So the data stay in the container's volumes. Testcontainers removes the
 * container at the end of the run.
 *
 * <p>The container has the network of the machine. So a component has the same addresses as a
 * process, and reaches the simulated feeds of the test on 127.0.0.1. Bound folders have the same
 * path inside and outside. The output goes to the same log file as that of a process.
 */
abstract class ContainerComponent implements Component {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(30);

  final ComponentSettings settings;
  private final String image;
  private final DockerClient docker = DockerClientFactory.lazyClient();

  /** The container, from the first start on. */
  private volatile GenericContainer<?> container;

  /** What the last start has written. */
  private volatile ComponentLog output;

  private volatile Duration startup = Duration.ZERO;

  ContainerComponent(ComponentSettings settings, String image) {
    this.settings = settings;
    this.image = image;
  }

  /**
   * What a container runs.
   *
   * @param command replaces the entry point of the image
   * @param environment of the process
   * @param user of the process; empty for the user of the image
   * @param binds more folders of this machine, besides those of the data and the log
   */
  record Launch(
      List<String> command,
      Map<String, String> environment,
      Optional<String> user,
      Set<Path> binds) {}

  /**
   * Writes the configuration into {@link ComponentSettings#dataDir()}, and returns what to run.
   * Called once, before the first start.
   */
  abstract Launch prepare() throws IOException;

  /** Asks the component whether it is ready. */
  abstract boolean isReady();

  /** Returns whether the component runs until it is stopped. A job with a fixed input ends. */
  boolean servesUntilStopped() {
    return true;
  }

  @Override
  public final String name() {
    return settings.name();
  }

  /** Returns the image, because its tag need not be a version. */
  @Override
  public final String version() {
    return image;
  }

  @Override
  public final Set<Startable> dependencies() {
    return settings.dependencies();
  }

  @Override
  public final Path log() {
    return settings.log();
  }

  @Override
  public final void start() {
    if (isRunning()) {
      throw new IllegalStateException(name() + " is running already");
    }
    long begin = System.nanoTime();
    try {
      createFolders();
      output = ComponentLog.from(log());
      if (container == null) {
        GenericContainer<?> created = create(prepare());
        container = created;
        created.start();
      } else {
        docker.startContainerCmd(container.getContainerId()).exec();
      }
    } catch (IOException e) {
      throw new ComponentException(
          "Cannot prepare " + name() + " in " + settings.dataDir() + ": " + e.getMessage(),
          log(),
          e);
    }
    try {
      awaitReady();
    } catch (RuntimeException e) {
      kill();
      throw e;
    }
    startup = Duration.ofNanos(System.nanoTime() - begin);
  }

  private void createFolders() throws IOException {
    // The users of the images are not the user of this machine.
    for (Path folder : List.of(settings.dataDir(), log().getParent())) {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    if (!Files.exists(log())) {
      Files.createFile(log());
    }
    Files.setPosixFilePermissions(log(), PosixFilePermissions.fromString("rw-rw-rw-"));
  }

  private GenericContainer<?> create(Launch launch) {
    Set<Path> binds = new HashSet<>(launch.binds());
    binds.add(settings.dataDir());
    binds.add(log().getParent());
    // "$0" is the log. The shell replaces itself, so signals reach the component.
    List<String> entrypoint =
        List.of("bash", "-c", "exec >>\"$0\" 2>&1; exec \"$@\"", log().toString());
    return new GenericContainer<>(DockerImageName.parse(image))
        .withNetworkMode("host")
        .withEnv(launch.environment())
        .withStartupCheckStrategy(new NoCheck())
        .waitingFor(new NoWait())
        .withCreateContainerCmdModifier(
            command -> change(command, entrypoint, launch.command(), launch.user(), binds));
  }

  private static void change(
      CreateContainerCmd create,
      List<String> entrypoint,
      List<String> command,
      Optional<String> user,
      Set<Path> binds) {
    create.withEntrypoint(entrypoint).withCmd(command);
    user.ifPresent(create::withUser);
    create
        .getHostConfig()
        .withBinds(binds.stream().map(path -> Bind.parse(path + ":" + path)).toList());
  }

  private void awaitReady() {
    try {
      await()
          .atMost(settings.startTimeout())
          .pollInterval(POLL)
          .until(() -> !isRunning() || isReady());
    } catch (ConditionTimeoutException e) {
      throw failure("was not ready within " + settings.startTimeout().toSeconds() + " s");
    }
    int code = exitCode().orElse(0);
    if (!isRunning() && (servesUntilStopped() || code != 0)) {
      throw failure("stopped with exit code " + ExitCode.describe(code));
    }
  }

  @Override
  public final void stop() {
    stop(settings.stopTimeout());
  }

  @Override
  public final void stop(Duration timeout) {
    if (isRunning()) {
      unpause();
      docker
          .stopContainerCmd(container.getContainerId())
          .withTimeout(Math.toIntExact(timeout.toSeconds()))
          .exec();
      awaitEnd();
    }
  }

  @Override
  public final void kill() {
    if (isRunning()) {
      unpause();
      docker.killContainerCmd(container.getContainerId()).exec();
      awaitEnd();
    }
  }

  private void awaitEnd() {
    await("end of " + name()).atMost(KILL_TIMEOUT).pollInterval(POLL).until(() -> !isRunning());
  }

  /** Docker refuses to end a container that is suspended. */
  private void unpause() {
    if (state().map(ContainerState::getPaused).orElse(false)) {
      docker.unpauseContainerCmd(container.getContainerId()).exec();
    }
  }

  @Override
  public final void suspend() {
    docker.pauseContainerCmd(running().getContainerId()).exec();
  }

  @Override
  public final void resume() {
    running();
    unpause();
  }

  private GenericContainer<?> running() {
    if (!isRunning()) {
      throw new IllegalStateException(name() + " is not running");
    }
    return container;
  }

  private Optional<ContainerState> state() {
    GenericContainer<?> created = container;
    return created == null || created.getContainerId() == null
        ? Optional.empty()
        : Optional.of(docker.inspectContainerCmd(created.getContainerId()).exec().getState());
  }

  @Override
  public final boolean isRunning() {
    return state().map(ContainerState::getRunning).orElse(false);
  }

  @Override
  public final OptionalInt exitCode() {
    return state()
        .filter(state -> !Boolean.TRUE.equals(state.getRunning()))
        .map(ContainerState::getExitCodeLong)
        .map(code -> OptionalInt.of(Math.toIntExact(code)))
        .orElse(OptionalInt.empty());
  }

  @Override
  public final Duration startup() {
    return startup;
  }

  /** Empty: the process belongs to the engine, which may be elsewhere. */
  @Override
  public final OptionalLong pid() {
    return OptionalLong.empty();
  }

  @Override
  public final OptionalLong residentBytes() {
    return OptionalLong.empty();
  }

  @Override
  public final ComponentException failure(String what) {
    String error = output().flatMap(ComponentLog::lastError).map(line -> ": " + line).orElse("");
    return new ComponentException(name() + " (" + image + ") " + what + error, log());
  }

  /** Returns what the last start has written; empty before the first start. */
  final Optional<ComponentLog> output() {
    return Optional.ofNullable(output);
  }

  /** {@link #awaitReady} checks that the container runs. */
  private static final class NoCheck extends StartupCheckStrategy {
    @Override
    public StartupStatus checkStartupState(DockerClient client, String containerId) {
      return StartupStatus.SUCCESSFUL;
    }
  }

  /** {@link #awaitReady} waits for the component itself. */
  private static final class NoWait extends AbstractWaitStrategy {
    @Override
    protected void waitUntilReady() {}
  }
}
