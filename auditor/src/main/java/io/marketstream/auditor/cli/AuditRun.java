package io.marketstream.auditor.cli;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import io.marketstream.auditor.check.AuditRules;
import io.marketstream.auditor.cluster.AuditRefusedException;
import io.marketstream.auditor.cluster.AuditScope;
import io.marketstream.auditor.cluster.AuditTarget;
import io.marketstream.auditor.cluster.ClusterAudit;
import io.marketstream.auditor.cluster.ClusterSession;
import io.marketstream.auditor.cluster.DailyAudit;
import io.marketstream.auditor.cluster.SentJournal;
import io.marketstream.auditor.cluster.TopicAudit;
import io.marketstream.auditor.cluster.VenueAudit;
import io.marketstream.auditor.cluster.VenueScope;
import io.marketstream.auditor.evidence.SentTick;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.ReportJson;
import io.marketstream.auditor.report.ReportText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;

/**
 * One run of the command: the checked options, and the audit itself.
 *
 * @param sent a journal of the simulators; empty without one
 * @param report where to write the findings as JSON
 * @param venue what is compared with a venue; empty to ask none
 * @param daily whether to audit each day separately and store the verdicts
 */
public record AuditRun(
    AuditTarget target,
    AuditScope scope,
    Optional<Path> sent,
    Optional<Path> report,
    Optional<VenueScope> venue,
    boolean daily) {
  private static final int MAX_FINDINGS_SHOWN = 5;

  /**
   * Audits and prints the report.
   *
   * @param otherEngine audits symbols with their records; empty to do it in this process
   * @return whether everything is explained
   * @throws AuditRefusedException if the cluster cannot be reached or read, or nothing is there to
   *     audit
   */
  public boolean run(
      PrintStream out, Clock clock, Optional<Function<AuditTarget, TopicAudit>> otherEngine) {
    Optional<Map<String, List<SentTick>>> journal = sent.map(AuditRun::journal);
    try (CqlSession session = ClusterSession.open(target)) {
      Optional<TopicAudit> engine = otherEngine.map(made -> made.apply(target));
      return daily
          ? runDaily(session, out, clock, engine)
          : runOnce(session, journal, out, clock, engine);
    } catch (InvalidQueryException e) {
      throw new AuditRefusedException(
          "The tables of keyspace "
              + target.keyspace()
              + " do not match cassandra-cql/: "
              + e.getMessage(),
          e);
    } catch (DriverException e) {
      throw new AuditRefusedException(cassandraFailed(e), e);
    } catch (KafkaException e) {
      throw new AuditRefusedException(
          "Cannot read the topics from "
              + bootstrapServers()
              + ": "
              + e.getMessage()
              + ". Check --bootstrap-servers and --kafka-config",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AuditRefusedException("The audit was interrupted", e);
    }
  }

  private boolean runOnce(
      CqlSession session,
      Optional<Map<String, List<SentTick>>> journal,
      PrintStream out,
      Clock clock,
      Optional<TopicAudit> engine)
      throws InterruptedException {
    ClusterAudit audit =
        new ClusterAudit(
            session, target.kafka(), journal, scope, clock, engine, new AuditProgressText(out));
    out.println(heading(audit.rules()));
    // It can be refused by others, so it comes before the long part.
    Optional<AuditReport> ofVenue = compareWithVenue(session, audit.span(), clock, out);
    long begin = System.nanoTime();
    AuditReport found = audit.run();
    if (engine.isEmpty()) {
      out.printf(
          Locale.ROOT,
          "read with %,d requests to Cassandra in %d s%n",
          audit.requests(),
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
    }
    requireSomething(found, audit);
    AuditReport all = ofVenue.map(found::plus).orElse(found);
    new ReportText(MAX_FINDINGS_SHOWN).lines(all).forEach(out::println);
    report.ifPresent(file -> write(file, ReportJson.text(all)));
    return all.isClean();
  }

  private Optional<AuditReport> compareWithVenue(
      CqlSession session, Span audited, Clock clock, PrintStream out) throws InterruptedException {
    return venue.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new VenueAudit(session, venue.get(), clock, new AuditProgressText(out))
                .run(audited.since(), audited.until()));
  }

  private boolean runDaily(
      CqlSession session, PrintStream out, Clock clock, Optional<TopicAudit> engine)
      throws InterruptedException {
    Map<LocalDate, AuditReport> days =
        new DailyAudit(session, target.kafka(), scope, clock, engine, new AuditProgressText(out))
            .run(
                (day, found) -> {
                  out.println();
                  out.println("day " + day);
                  new ReportText(MAX_FINDINGS_SHOWN).lines(found).forEach(out::println);
                },
                note -> out.println("note: " + note));
    if (days.isEmpty()) {
      out.println("every day that is over is audited already");
    }
    report.ifPresent(file -> write(file, ReportJson.textOfDays(days)));
    return days.values().stream().allMatch(AuditReport::isClean);
  }

  /** Refuses a report about nothing. A source without data is probably a typing error. */
  private void requireSomething(AuditReport found, ClusterAudit audit) {
    Set<String> empty = new TreeSet<>(scope.sources());
    empty.removeAll(audit.sources());
    if (found.symbols() == 0 && audit.span().since() >= audit.span().until()) {
      throw new AuditRefusedException(
          "There is nothing left to audit: the rows of ticks before "
              + Instant.ofEpochMilli(audit.span().since())
              + " have expired. Choose a later --until");
    }
    if (found.symbols() == 0 || (found.isClean() && !empty.isEmpty())) {
      throw new AuditRefusedException(
          "There is nothing to audit of "
              + (empty.isEmpty() ? "any source" : "source " + String.join(", ", empty))
              + ", event times "
              + times(audit.span())
              + ". Check --source, --keyspace and --last or --since");
    }
  }

  private String heading(AuditRules rules) {
    return "audit of "
        + target.cassandra().getHostString()
        + ":"
        + target.cassandra().getPort()
        + ", keyspace "
        + target.keyspace()
        + ", event times "
        + times(rules.span())
        + ", candles "
        + (rules.candles().isEmpty()
            ? "none"
            : rules.candles().stream()
                .map(kept -> kept.interval().name())
                .collect(Collectors.joining(",")))
        + (target.kafka().isEmpty()
            ? "; without the topics: values and rejects are not checked"
            : "; topics from " + bootstrapServers());
  }

  private static String times(Span span) {
    return (span.since() == Long.MIN_VALUE
            ? ""
            : "from " + Instant.ofEpochMilli(span.since()) + " ")
        + (span.until() == Long.MAX_VALUE ? "to now" : "to " + Instant.ofEpochMilli(span.until()));
  }

  private String cassandraFailed(DriverException e) {
    String reason =
        e instanceof AllNodesFailedException all && !all.getAllErrors().isEmpty()
            ? all.getAllErrors().values().iterator().next().get(0).getMessage()
            : e.getMessage();
    return "Cannot read keyspace "
        + target.keyspace()
        + " from Cassandra at "
        + target.cassandra().getHostString()
        + ":"
        + target.cassandra().getPort()
        + ": "
        + reason
        + ". Check --cassandra, --datacenter and --keyspace";
  }

  private Object bootstrapServers() {
    return target
        .kafka()
        .map(topics -> topics.consumer().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG))
        .orElse("nowhere");
  }

  private static Map<String, List<SentTick>> journal(Path file) {
    try {
      return SentJournal.read(file);
    } catch (IOException e) {
      throw new AuditRefusedException("Cannot read --sent " + file + ": " + e.getMessage(), e);
    }
  }

  private static void write(Path file, String json) {
    try {
      Files.writeString(file, json + "\n");
    } catch (IOException e) {
      throw new AuditRefusedException("Cannot write --report " + file + ": " + e.getMessage(), e);
    }
  }
}
