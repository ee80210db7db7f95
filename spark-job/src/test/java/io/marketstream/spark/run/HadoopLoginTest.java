package io.marketstream.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.security.auth.UnixPrincipal;
import java.io.IOException;
import java.util.Map;
import javax.security.auth.login.LoginException;
import org.junit.jupiter.api.Test;

class HadoopLoginTest {
  /** Wraps the exception as Java's login context and Hadoop do. */
  @Test
  void aUserIdWithoutANameIsRecognized() {
    Throwable ofTheModule = catchThrowable(() -> new UnixPrincipal(null));
    Exception ofHadoop =
        new IOException(
            "failure to login: ", new LoginException(ofTheModule + "\n\tat UnixPrincipal"));

    assertThat(HadoopLogin.isNameless(ofHadoop)).isTrue();
    assertThat(HadoopLogin.isNameless(new IOException("no realm"))).isFalse();
  }

  @Test
  void theEnvironmentNamesTheUser() {
    assertThat(HadoopLogin.substitute(Map.of("HADOOP_USER_NAME", "h", "SPARK_USER", "s")))
        .isEqualTo("h");
    assertThat(HadoopLogin.substitute(Map.of("HADOOP_USER_NAME", " ", "SPARK_USER", "s")))
        .isEqualTo("s");
    assertThat(HadoopLogin.substitute(Map.of())).isEqualTo("market-stream");
  }

  @Test
  void aUserWithANameLogsInAsBefore() {
    HadoopLogin.ensure();

    assertThat(catchThrowable(org.apache.hadoop.security.UserGroupInformation::getLoginUser))
        .isNull();
  }
}
