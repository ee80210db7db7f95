package io.marketstream.spark.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.failure.StartException;
import io.marketstream.spark.kafka.KafkaAdmin;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaOptionsTest {
  private static final String SECRET = "s3cret";
  private static final String LOGIN =
      "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"job\" password=\"";

  @TempDir private Path folder;

  @Test
  void aPasswordMayBeInAFile() throws Exception {
    Path secrets = Files.writeString(folder.resolve("kafka.properties"), "password=" + SECRET);
    Map<String, String> options =
        KafkaOptions.withClientPrefix(
            Map.of(
                "config.providers", "file",
                "config.providers.file.class",
                    "org.apache.kafka.common.config.provider.FileConfigProvider",
                "sasl.jaas.config", LOGIN + "${file:" + secrets + ":password}\";"));

    assertThat(options.toString()).doesNotContain(SECRET);
    Map<String, Object> client = new HashMap<>(KafkaOptions.forClient(options));
    client.put("bootstrap.servers", "127.0.0.1:1");
    AdminClientConfig config = new AdminClientConfig(client);
    assertThat(config.getPassword("sasl.jaas.config").value()).isEqualTo(LOGIN + SECRET + "\";");
    assertThat(config.values().toString()).doesNotContain(SECRET);
  }

  @Test
  void aMessageAboutALoginHasNoPassword() {
    JobSettings settings =
        new JobSettings(
            "127.0.0.1:1",
            List.of("market_data"),
            "market_data_gaps",
            "market_data_rejected",
            "market_data",
            "/ck",
            List.of(),
            120_000,
            new BatchTrigger.Once(),
            "earliest",
            1,
            30_000,
            KafkaOptions.withClientPrefix(
                Map.of(
                    "security.protocol", "SASL_PLAINTEXT",
                    "sasl.mechanism", "SCRAM-SHA-512",
                    "sasl.jaas.config", LOGIN + SECRET + "\"")));

    assertThatThrownBy(() -> KafkaAdmin.check(settings))
        .isInstanceOf(StartException.class)
        .satisfies(
            failure -> {
              StringWriter trace = new StringWriter();
              failure.printStackTrace(new PrintWriter(trace));
              assertThat(trace.toString())
                  .contains("JAAS config entry not terminated by semi-colon")
                  .doesNotContain(SECRET);
            });
  }
}
