package io.marketstream.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files {@code fault-report.json} and {@code fault-report.md} of a folder. They are written
 * after each run, so that a test that is killed leaves its figures. All tests of a Maven build add
 * to one report, in whichever JVM they run. The report of an earlier build is replaced.
 */
final class FaultReportFiles {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final Path json;
  private final Path markdown;
  private final String build;

  /**
   * @param build identifies this Maven build
   */
  FaultReportFiles(Path folder, String build) {
    this.json = folder.resolve("fault-report.json");
    this.markdown = folder.resolve("fault-report.md");
    this.build = build;
  }

  FaultReport add(FaultRunResult run) throws IOException {
    FaultReport report = read().plus(run);
    Files.writeString(json, text(report));
    Files.writeString(markdown, FaultReportText.markdown(report));
    return report;
  }

  private FaultReport read() throws IOException {
    FaultReport none = new FaultReport(build, List.of());
    if (!Files.exists(json)) {
      return none;
    }
    try {
      FaultReport earlier = JSON.readValue(Files.readString(json), FaultReport.class);
      return build.equals(earlier.build()) ? earlier : none;
    } catch (JsonProcessingException e) {
      return none; // its test was killed while it wrote the file
    }
  }

  /** The runs, and their sums for readers that do not want the runs. */
  private static String text(FaultReport report) throws JsonProcessingException {
    ObjectNode root = JSON.valueToTree(report);
    root.put("planned", report.planned());
    root.put("injected", report.history().size());
    root.put("green", report.isGreen());
    ObjectNode audit = JSON.valueToTree(report.audit());
    audit.put("unexplained", report.audit().unexplained());
    root.set("audit", audit);
    root.set("recoveries", JSON.valueToTree(report.recoveries()));
    return JSON.writeValueAsString(root);
  }
}
