package io.marketstream.api.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.sse.SseClient;
import io.marketstream.api.cassandra.DatabaseUnavailableException;
import io.marketstream.api.market.Instrument;
import io.marketstream.api.query.Symbols;
import io.marketstream.api.stream.EventId;
import io.marketstream.api.stream.StreamClient;
import io.marketstream.api.stream.StreamEvent;
import io.marketstream.api.stream.Subscription;
import io.marketstream.api.stream.TickStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code /api/stream}: ticks as server-sent events. */
final class StreamRoutes {
  private static final int MAX_SYMBOLS = 50;
  private static final int MAX_CLIENTS = 250;
  private static final long LOOKUP_TIMEOUT_S = 2;
  private static final String EVENT_STREAM = "text/event-stream";
  private static final String INSTRUMENTS = "instruments";
  private static final String LAST = "last";

  private final Symbols symbols;
  private final TickStream stream;

  StreamRoutes(Symbols symbols, TickStream stream) {
    this.symbols = symbols;
    this.stream = stream;
  }

  void addTo(RoutesConfig routes) {
    // What is wrong with a request is said before the answer becomes a stream.
    routes.before("/api/stream", this::check);
    routes.sse("/api/stream", this::open);
  }

  private void check(Context context) throws InterruptedException {
    Parameters parameters = new Parameters(context, Set.of("source", "symbols", "last_event_id"));
    if (context.method().equals(HandlerType.OPTIONS)) {
      return; // a browser asks whether it may ask
    }
    if (!String.valueOf(context.header("Accept")).contains(EVENT_STREAM)) {
      throw new BadRequestException("Accept", "is a header that must be " + EVENT_STREAM);
    }
    String list = parameters.required("symbols", "AAPL,MSFT");
    List<String> names = Stream.of(list.split(",", -1)).map(String::strip).distinct().toList();
    if (names.size() > MAX_SYMBOLS || names.contains("")) {
      throw new BadRequestException(
          "symbols", "is not a list of 1 to " + MAX_SYMBOLS + " symbols with commas between them");
    }
    Optional<EventId> last =
        Optional.ofNullable(context.header("Last-Event-ID"))
            .or(() -> parameters.text("last_event_id"))
            .map(
                text ->
                    EventId.parse(text)
                        .orElseThrow(
                            () ->
                                new BadRequestException(
                                    "last_event_id", "is not source:symbol:session:sequence")));
    if (stream.clients() >= MAX_CLIENTS) {
      throw new TooManyClientsException(MAX_CLIENTS);
    }
    @Nullable String source = parameters.source();
    List<Instrument> instruments = names.stream().map(name -> instrument(source, name)).toList();
    context.attribute(INSTRUMENTS, instruments);
    context.attribute(LAST, last);
  }

  private Instrument instrument(@Nullable String source, String name) {
    try {
      return MarketRoutes.instrument(symbols, source, name).get(LOOKUP_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    } catch (TimeoutException e) {
      throw new DatabaseUnavailableException("Cassandra does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void open(SseClient client) {
    Context context = client.ctx();
    List<Instrument> instruments = context.attribute(INSTRUMENTS);
    Optional<EventId> last = context.attribute(LAST);
    if (instruments == null || last == null) {
      throw new IllegalStateException("the request was not checked");
    }
    client.keepAlive();
    Subscription subscription = stream.subscribe(instruments, last, new ServerSentEvents(client));
    client.onClose(() -> stream.remove(subscription));
  }

  private record ServerSentEvents(SseClient client) implements StreamClient {
    @Override
    public void send(StreamEvent event) {
      require(!client.terminated());
      client.sendEvent("tick", event.json(), event.id().toString());
    }

    @Override
    public void sendReset(String reason) {
      client.sendEvent(
          "reset", MarketJson.MAPPER.createObjectNode().put("reason", reason).toString());
    }

    @Override
    public void sendHeartbeat() {
      require(!client.terminated());
      client.sendComment("heartbeat");
    }

    @Override
    public void close() {
      client.close();
    }

    private static void require(boolean isOpen) {
      if (!isOpen) {
        throw new IllegalStateException("the connection is closed");
      }
    }
  }
}
