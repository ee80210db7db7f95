package io.marketstream.pipeline.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.embedded.component.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** What Spark itself tells of a job's work, by the REST API of its UI. */
final class SparkUi {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int port = FreePorts.next();

  /** Turns the UI of the job's next starts on, with room for all that a test does. */
  static SparkUi of(JobRun job) {
    SparkUi ui = new SparkUi();
    job.conf("spark.ui.enabled", "true")
        .conf("spark.ui.port", "" + ui.port)
        .conf("spark.ui.retainedJobs", "10000")
        .conf("spark.ui.retainedStages", "10000");
    return ui;
  }

  /** The jobs of Spark, of which each batch is one. */
  List<JsonNode> jobs() throws IOException {
    return all("jobs");
  }

  /** The stages, each attempt of one by itself. */
  List<JsonNode> stages() throws IOException {
    return all("stages");
  }

  /** How many executors have registered and are alive; the driver is none. */
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
