package io.marketstream.simulator.server;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Writes JSON strings for frames whose exact bytes matter. */
public final class JsonText {

  private JsonText() {}

  public static void quote(StringBuilder json, String text) {
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, json);
    json.append('"');
  }
}
