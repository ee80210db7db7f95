package io.marketstream.simulator;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** JSON strings for frames whose bytes are prescribed. */
final class JsonText {

  private JsonText() {}

  static void quote(StringBuilder json, String text) {
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, json);
    json.append('"');
  }
}
