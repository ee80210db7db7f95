package io.marketstream.spark.parse;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Checks whether bytes are UTF-8 text. */
final class Utf8 {
  private Utf8() {}

  /** Returns whether the bytes are well-formed UTF-8: no overlong forms and no surrogates. */
  static boolean isValid(byte[] value) {
    return isAscii(value) || isDecodable(value);
  }

  /**
   * Returns whether a person can read the bytes as UTF-8 text: they are valid and contain no
   * control characters except tab and line breaks.
   */
  static boolean isReadable(byte[] value) {
    for (byte b : value) {
      if (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r') {
        return false;
      }
    }
    return isValid(value);
  }

  /**
   * Returns whether the bytes may be the beginning of JSON text in UTF-8. A JSON parser that finds
   * a NUL byte or a byte order mark in the first four bytes would decode them as UTF-16 or UTF-32.
   */
  static boolean mayBeginJson(byte[] value) {
    for (int i = 0; i < Math.min(4, value.length); i++) {
      if (value[i] == 0) {
        return false;
      }
    }
    return value.length == 0 || (value[0] != (byte) 0xFE && value[0] != (byte) 0xFF);
  }

  private static boolean isAscii(byte[] value) {
    int all = 0;
    for (byte b : value) {
      all |= b;
    }
    return all >= 0;
  }

  private static boolean isDecodable(byte[] value) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(value));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
