package io.marketstream.faults;

import com.datastax.oss.driver.api.core.DriverException;
import io.marketstream.auditor.AuditRefusal;
import io.marketstream.auditor.AuditReport;
import io.marketstream.auditor.AuditText;
import io.marketstream.pipeline.PipelineAudit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;

/**
 * Audits one after the other beside faults, by turns of the tables alone and with the topics. A
 * store that is away ends an audit; it must never make one red. A thread of its own runs them.
 */
final class AuditsBeside implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int FINDINGS_TOLD = 3;

  private final PipelineAudit audit;
  private final Thread thread = new Thread(this::run, "audits-beside");
  private final List<String> failures = new ArrayList<>();
  private int done;
  private int withoutStores;
  private volatile boolean isClosed;

  private AuditsBeside(PipelineAudit audit) {
    this.audit = audit;
  }

  static AuditsBeside start(PipelineAudit audit) {
    AuditsBeside audits = new AuditsBeside(audit);
    audits.thread.start();
    return audits;
  }

  private void run() {
    for (boolean withTopics = true; !isClosed; withTopics = !withTopics) {
      try {
        AuditReport report = audit.liveWithLittlePatience(withTopics, Duration.ofSeconds(60));
        done++;
        if (!report.isClean()) {
          System.out.println(Instant.now() + " an audit beside the faults, topics " + withTopics);
          new AuditText(FINDINGS_TOLD).lines(report).forEach(System.out::println);
          failures.add("an audit beside the faults is red: " + report.findings().get(0));
        }
      } catch (DriverException | KafkaException | AuditRefusal e) {
        withoutStores++; // as a user is told, with exit code 2
        System.out.println(Instant.now() + " no audit beside the faults: " + e.getMessage());
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        failures.add("an audit beside the faults failed: " + e);
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

  /** What was wrong; to be asked once it is closed. */
  List<String> failures() {
    return failures;
  }

  /** Waits for the audit that runs. */
  @Override
  public void close() {
    isClosed = true;
    try {
      thread.join(Duration.ofMinutes(3).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
    System.out.println(
        Instant.now()
            + " audits beside the faults: "
            + done
            + " made, "
            + withoutStores
            + " ended because a store was away");
  }
}
