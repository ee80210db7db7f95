package io.marketstream.faults;

import com.datastax.oss.driver.api.core.DriverException;
import io.marketstream.auditor.cluster.AuditRefusedException;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.ReportText;
import io.marketstream.pipeline.PipelineAudit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audits a pipeline again and again while faults are injected, alternately with and without the
 * topics. A store that does not answer may end an audit, but must never cause a finding. The audits
 * run on a thread of their own.
 */
final class ContinuousAudit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ContinuousAudit.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int MAX_LOGGED_FINDINGS = 3;

  private final PipelineAudit audit;
  private final Thread thread = new Thread(this::run, "continuous-audit");
  private final List<String> failures = new ArrayList<>();
  private int completed;
  private int interrupted;
  private volatile boolean isClosed;

  private ContinuousAudit(PipelineAudit audit) {
    this.audit = audit;
  }

  static ContinuousAudit start(PipelineAudit audit) {
    ContinuousAudit audits = new ContinuousAudit(audit);
    audits.thread.start();
    return audits;
  }

  private void run() {
    for (boolean withTopics = true; !isClosed; withTopics = !withTopics) {
      try {
        AuditReport report = audit.liveWithShortWait(withTopics, Duration.ofSeconds(60));
        completed++;
        if (!report.isClean()) {
          LOG.error(
              "An audit during the faults, {} the topics, has findings:\n{}",
              withTopics ? "with" : "without",
              String.join("\n", new ReportText(MAX_LOGGED_FINDINGS).lines(report)));
          failures.add("an audit during the faults has findings: " + report.findings().get(0));
        }
      } catch (DriverException | KafkaException | AuditRefusedException e) {
        interrupted++; // the audit command ends with exit code 2
        LOG.info("An audit during the faults could not be made: {}", e.getMessage());
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("An audit during the faults failed", e);
        failures.add("an audit during the faults failed: " + e);
      }
      if (!pause()) {
        return;
      }
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Returns what went wrong. Call it after {@link #close()}. */
  List<String> failures() {
    return failures;
  }

  /** Waits for the audit that is running. */
  @Override
  public void close() {
    isClosed = true;
    try {
      thread.join(Duration.ofMinutes(3).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
    LOG.info(
        "{} audits were made during the faults; {} ended because a store did not answer",
        completed,
        interrupted);
  }
}
