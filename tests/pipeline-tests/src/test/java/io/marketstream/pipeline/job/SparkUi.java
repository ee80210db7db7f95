package io.marketstream.pipeline.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.embedded.component.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Reads jobs and stages from Spark's REST API. */
final class SparkUi {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int port = FreePorts.next();

  /** Enables the UI for later starts of the job, with space for all jobs and stages of a test. */
  static SparkUi of(JobRun job) {
    SparkUi ui = new SparkUi();
    job.conf("spark.ui.enabled", "true")
        .conf("spark.ui.port", "" + ui.port)
        .conf("spark.ui.retainedJobs", "10000")
        .conf("spark.ui.retainedStages", "10000");
    return ui;
  }

  /** Returns the jobs of Spark. Each batch is one job. */
  List<JsonNode> jobs() throws IOException {
    return all("jobs");
  }

  /** Returns the stages, with each attempt separately. */
  List<JsonNode> stages() throws IOException {
    return all("stages");
  }

  /** Returns how many executors are registered and alive, excluding the driver. */
  long executors() throws IOException {
    return all("executors").stream().filter(e -> !e.get("id").asText().equals("driver")).count();
  }

  private List<JsonNode> all(String what) throws IOException {
    String api = "http://127.0.0.1:" + port + "/api/v1/applications/";
    String id = get(api).get(0).get("id").asText();
    List<JsonNode> all = new ArrayList<>();
    get(api + id + "/" + what).forEach(all::add);
    return all;
  }

  private static JsonNode get(String address) throws IOException {
    try (InputStream in = URI.create(address).toURL().openStream()) {
      return JSON.readTree(in);
    }
  }
}
