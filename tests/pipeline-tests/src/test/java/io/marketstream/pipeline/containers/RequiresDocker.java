package io.marketstream.pipeline.containers;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;

/**
 * Skips every test if there is no Docker engine. The profile {@code containers} registers it for
 * all tests (META-INF/services).
 */
public final class RequiresDocker implements ExecutionCondition {
  private static final Logger LOG = LoggerFactory.getLogger(RequiresDocker.class);
  private static final String MISSING =
      "No Docker engine answers, so the tests of -Pcontainers are skipped. Start Docker, or set"
          + " DOCKER_HOST to the address of an engine on this machine";

  /** Asked once per JVM, with one message. */
  private static final class Engine {
    private static final boolean ANSWERS = answers();

    private static boolean answers() {
      boolean answers = DockerClientFactory.instance().isDockerAvailable();
      if (!answers) {
        LOG.warn(MISSING);
      }
      return answers;
    }
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return Engine.ANSWERS
        ? ConditionEvaluationResult.enabled("a Docker engine answers")
        : ConditionEvaluationResult.disabled(MISSING);
  }
}
