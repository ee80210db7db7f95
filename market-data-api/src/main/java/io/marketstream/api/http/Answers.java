package io.marketstream.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.marketstream.api.cassandra.Database;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers and errors as JSON. */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
  private static final String RETRY_AFTER_S = "2";
  private static final int MAX_WRITERS = 64;

  /** Clients may be slow. The threads that read from Cassandra must not wait for them. */
  private static final Executor WRITERS =
      Executors.newFixedThreadPool(
          MAX_WRITERS,
          task -> {
            Thread thread = new Thread(task, "answer");
            thread.setDaemon(true);
            return thread;
          });

  /** An answer of ours: no other text replaces it. */
  static final String ANSWERED = "answered";

  private static final String JSON = "application/json";

  private Answers() {}

  /** Answers when the future is done. The thread of the request does not wait for it. */
  static void json(Context context, CompletableFuture<? extends JsonNode> answer) {
    context.future(
        () ->
            answer.handleAsync(
                (node, failure) -> {
                  if (failure == null) {
                    write(context, 200, node);
                  } else {
                    error(context, failure);
                  }
                  return node;
                },
                WRITERS));
  }

  static void write(Context context, int status, JsonNode node) {
    context.attribute(ANSWERED, true);
    try {
      context.status(status).contentType(JSON).result(MarketJson.MAPPER.writeValueAsBytes(node));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers a failure: the status, and what the client can do. */
  static void error(Context context, Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof BadRequestException bad) {
      write(context, 400, body("bad_request", bad.parameter(), bad.getMessage()));
    } else if (cause instanceof NotFoundException) {
      write(context, 404, body("not_found", null, cause.getMessage()));
    } else if (cause instanceof TooManyClientsException) {
      context.header("Retry-After", RETRY_AFTER_S);
      write(context, 503, body("unavailable", null, cause.getMessage()));
    } else if (Database.isUnavailable(cause)) {
      LOG.debug("{} failed", context.path(), cause);
      context.header("Retry-After", RETRY_AFTER_S);
      write(
          context,
          503,
          body("unavailable", null, "Cassandra cannot be asked now. Try again in some seconds"));
    } else {
      LOG.error("{} failed", context.path(), cause);
      write(context, 500, body("internal_error", null, "The log of the API has the reason"));
    }
  }

  private static ObjectNode body(
      String error, @Nullable String parameter, @Nullable String message) {
    ObjectNode body = MarketJson.MAPPER.createObjectNode();
    body.put("error", error);
    if (parameter != null) {
      body.put("parameter", parameter);
      body.put("message", "'" + parameter + "' " + message);
    } else {
      body.put("message", message);
    }
    return body;
  }
}
