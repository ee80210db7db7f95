package io.marketstream.pipeline.job;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client of the API's stream: the ids of the events, as they come. */
final class TickStreamReader implements AutoCloseable {
  private final List<String> ids = new CopyOnWriteArrayList<>();
  private final List<String> resets = new CopyOnWriteArrayList<>();
  private final InputStream body;
  private final Thread reader;

  TickStreamReader(HttpClient client, HttpRequest request) {
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        throw new AssertionError("status " + response.statusCode());
      }
      body = response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    reader = new Thread(this::read, "stream-reader");
    reader.start();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          ids.add(line.substring("id: ".length()));
        } else if (line.equals("event: reset")) {
          resets.add(lines.readLine());
        }
      }
    } catch (IOException e) {
      // closed by the test
    }
  }

  /** The ids so far, in the order of the events. */
  List<String> ids() {
    return List.copyOf(ids);
  }

  List<String> resets() {
    return List.copyOf(resets);
  }

  /** Ends the connection, and waits for the events that have come. */
  void disconnect() {
    try {
      body.close();
      reader.join(10_000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    disconnect();
  }
}
