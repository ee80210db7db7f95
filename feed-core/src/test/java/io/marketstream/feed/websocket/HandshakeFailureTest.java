package io.marketstream.feed.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.GapCause;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeFailureTest {

  private static final Duration RATE_LIMIT = Duration.ofMinutes(5);
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);

  private static HandshakeFailure answer(int status, String retryAfter) {
    return answer(status, retryAfter, null);
  }

  private static HandshakeFailure answer(int status, String retryAfter, String date) {
    Response.Builder response =
        new Response.Builder()
            .request(new Request.Builder().url("https://feed/?token=secret").build())
            .protocol(Protocol.HTTP_1_1)
            .code(status)
            .message("whatever");
    if (retryAfter != null) {
      response.header("Retry-After", retryAfter);
    }
    if (date != null) {
      response.header("Date", date);
    }
    return HandshakeFailure.of(
        new IOException("Expected 101"), response.build(), RATE_LIMIT, CLOCK);
  }

  @ParameterizedTest
  @CsvSource({
    "401,UNAUTHORIZED",
    "403,UNAUTHORIZED",
    "429,RATE_LIMITED",
    "200,CONNECTION_LOST",
    "302,CONNECTION_LOST",
    "404,CONNECTION_LOST",
    "500,CONNECTION_LOST",
    "524,CONNECTION_LOST"
  })
  void theStatusDecidesTheCause(int status, GapCause cause) {
    HandshakeFailure failure = answer(status, null);
    assertThat(failure.cause()).isEqualTo(cause);
    assertThat(failure.detail()).contains("HTTP " + status).doesNotContain("secret");
    assertThat(failure.retryAfter()).isEqualTo(status == 429 ? RATE_LIMIT : null);
  }

  @ParameterizedTest
  @CsvSource({"7,7", "0,0", "' 12 ',12", "-5,0"})
  void secondsAreWaitedForAsAsked(String header, long seconds) {
    assertThat(answer(429, header).retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(answer(429, header).detail()).contains("next attempt in " + seconds + " s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"86401", "9223372036854775807", "Fri, 31 Dec 9999 23:59:59 GMT"})
  void theWaitIsLimitedToADay(String header) {
    assertThat(answer(429, header).retryAfter()).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void aFailedUpgradeIsDescribedByItsError() {
    assertThat(answer(101, null).detail()).isEqualTo("IOException: Expected 101");
  }

  @Test
  void aDateIsWaitedFor() {
    assertThat(answer(429, "Sun, 22 Nov 2026 10:01:30 GMT").retryAfter())
        .isEqualTo(Duration.ofSeconds(90));
    assertThat(answer(429, "Sun, 22 Nov 2026 09:00:00 GMT").retryAfter()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "'Sun, 22 Nov 2026 11:00:00 GMT','Sun, 22 Nov 2026 11:01:30 GMT',90",
    "'Sun, 22 Nov 2026 09:00:00 GMT','Sun, 22 Nov 2026 09:01:30 GMT',90",
    "'no date','Sun, 22 Nov 2026 10:00:30 GMT',30"
  })
  void aDateIsRelativeToTheServersClock(String date, String retryAfter, long seconds) {
    assertThat(answer(429, retryAfter, date).retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "1.5", "99999999999999999999999", "2026-11-22T10:01:30Z"})
  void aMalformedRetryAfterCountsAsAbsent(String header) {
    assertThat(answer(429, header).retryAfter()).isEqualTo(RATE_LIMIT);
  }

  @Test
  void withoutAnAnswerTheErrorItselfIsTheDetail() {
    HandshakeFailure failure =
        HandshakeFailure.of(new IOException("refused"), null, RATE_LIMIT, CLOCK);
    assertThat(failure)
        .isEqualTo(new HandshakeFailure(GapCause.CONNECTION_LOST, "IOException: refused", null));
    assertThat(HandshakeFailure.describe(new java.io.EOFException())).isEqualTo("EOFException");
  }

  @Test
  void theProxysMessageIsTheDetailOfATimeoutToo() {
    IOException timeout = new InterruptedIOException("timeout");
    timeout.initCause(new ProxyException("the proxy p:1 gave no answer"));
    assertThat(HandshakeFailure.of(timeout, null, RATE_LIMIT, CLOCK))
        .isEqualTo(
            new HandshakeFailure(GapCause.CONNECTION_LOST, "the proxy p:1 gave no answer", null));
  }

  @Test
  void anExpiredCertificateIsReported() {
    IOException error = new SSLHandshakeException("(certificate_unknown)");
    error.initCause(
        new CertificateException(
            "path validation failed", new CertificateExpiredException("NotAfter: 2020")));
    assertThat(HandshakeFailure.of(error, null, RATE_LIMIT, CLOCK).detail())
        .startsWith("the server's certificate is not accepted")
        .endsWith("CertificateExpiredException: NotAfter: 2020");
  }
}
