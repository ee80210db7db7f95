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
 * {@code fault-report.json} and {@code fault-report.md} of a folder: written anew after each
 * season, so that a run that is cut off leaves its figures. All tests of a Maven build add to one
 * report, in whichever JVM they run; an earlier build's is replaced.
 */
final class FaultReportFiles {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final Path json;
  private final Path markdown;
  private final String run;

  /**
   * @param run names this Maven build
   */
  FaultReportFiles(Path folder, String run) {
    this.json = folder.resolve("fault-report.json");
    this.markdown = folder.resolve("fault-report.md");
    this.run = run;
  }

  FaultReport add(SeasonResult season) throws IOException {
    FaultReport report = read().plus(season);
    Files.writeString(json, text(report));
    Files.writeString(markdown, FaultReportText.markdown(report));
    return report;
  }

  private FaultReport read() throws IOException {
    FaultReport none = new FaultReport(run, List.of());
    if (!Files.exists(json)) {
      return none;
    }
    try {
      FaultReport earlier = JSON.readValue(Files.readString(json), FaultReport.class);
      return run.equals(earlier.run()) ? earlier : none;
    } catch (JsonProcessingException e) {
      return none; // cut off while it was written
    }
  }

  /** The seasons, and what they come to together for those who read no seasons. */
  private static String text(FaultReport report) throws JsonProcessingException {
    ObjectNode root = JSON.valueToTree(report);
    root.put("planned", report.planned());
    root.put("rounds", report.rounds().size());
    root.put("green", report.isGreen());
    ObjectNode account = JSON.valueToTree(report.account());
    account.put("unexplained", report.account().unexplained());
    root.set("account", account);
    root.set("recoveries", JSON.valueToTree(report.recoveries()));
    return JSON.writeValueAsString(root);
  }
}
