package io.marketstream.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.spark.settings.TestSettings;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class SessionConfigTest {
  private static final String KEPT_PROGRESS = "spark.sql.streaming.numRecentProgressUpdates";

  /**
   * With a limit of one report, Spark 3.5 and 4.1 drop the newest. The query would seem to make no
   * progress.
   */
  @Test
  void sparkKeepsAtLeastTwoProgressReports() {
    assertThat(completed("1").get(KEPT_PROGRESS)).isEqualTo("2");
    assertThat(completed("30").get(KEPT_PROGRESS)).isEqualTo("30");
  }

  @Test
  void theCommandLineCannotChangeRequiredSettings() {
    SparkConf submitted = new SparkConf(false).set("spark.sql.session.timeZone", "Asia/Tokyo");

    assertThat(
            SessionConfig.complete(submitted, TestSettings.settings())
                .get("spark.sql.session.timeZone"))
        .isEqualTo("UTC");
  }

  @Test
  void anIdleQueryReportsEveryTwoSecondsByDefault() {
    String interval = "spark.sql.streaming.noDataProgressEventInterval";
    SparkConf given = new SparkConf(false).set(interval, "30s");

    assertThat(completed("2").get(interval)).isEqualTo("2s");
    assertThat(SessionConfig.complete(given, TestSettings.settings()).get(interval))
        .isEqualTo("30s");
  }

  private static SparkConf completed(String keptProgress) {
    return SessionConfig.complete(
        new SparkConf(false).set(KEPT_PROGRESS, keptProgress), TestSettings.settings());
  }
}
