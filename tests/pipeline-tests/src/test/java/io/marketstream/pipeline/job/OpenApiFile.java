package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.TreeSet;

/** An OpenAPI description, and whether a server keeps to it. */
final class OpenApiFile {
  private final JsonNode description;
  private final Set<String> unchecked = new TreeSet<>();

  private OpenApiFile(JsonNode description) {
    this.description = description;
    description.get("paths").fieldNames().forEachRemaining(unchecked::add);
  }

  static OpenApiFile of(String yaml) {
    try {
      return new OpenApiFile(new ObjectMapper(new YAMLFactory()).readTree(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The paths that no call of {@link #check} has asked for. */
  Set<String> unchecked() {
    return Set.copyOf(unchecked);
  }

  /** Asks for a path, and compares status, type of content and fields. */
  void check(ApiRun api, String path, String query) {
    JsonNode operation = description.get("paths").path(path).path("get");
    assertThat(operation.isMissingNode()).as("%s is described", path).isFalse();
    for (String parameter : query.split("&", -1)) {
      String name = parameter.split("=", 2)[0];
      assertThat(name.isEmpty() || hasParameter(operation, name))
          .as("%s describes the parameter %s", path, name)
          .isTrue();
    }
    unchecked.remove(path);
    HttpResponse<String> response = api.get(path + (query.isEmpty() ? "" : "?" + query));
    assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(200);
    JsonNode content = resolve(operation.get("responses").get("200")).get("content");
    String type = response.headers().firstValue("content-type").orElse("").split(";", 2)[0];
    assertThat(content.has(type)).as("%s describes %s", path, type).isTrue();
    if (type.equals("application/json")) {
      check(path, content.get(type).get("schema"), ApiRun.parse(response.body()));
    }
  }

  private boolean hasParameter(JsonNode operation, String name) {
    for (JsonNode parameter : operation.path("parameters")) {
      if (resolve(parameter).path("name").asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private void check(String where, JsonNode described, JsonNode value) {
    JsonNode schema = resolve(described);
    for (JsonNode part : schema.path("allOf")) {
      if (!value.isNull()) {
        check(where, part, value);
      }
    }
    if (value.isNull()) {
      assertThat(schema.path("nullable").asBoolean()).as("%s may be null", where).isTrue();
      return;
    }
    switch (schema.path("type").asText()) {
      case "object" -> {
        assertThat(value.isObject()).as("%s is an object", where).isTrue();
        for (JsonNode required : schema.path("required")) {
          assertThat(value.has(required.asText())).as("%s has %s", where, required).isTrue();
        }
        value
            .properties()
            .forEach(
                field -> {
                  JsonNode property = schema.path("properties").path(field.getKey());
                  assertThat(property.isMissingNode())
                      .as("%s.%s is described", where, field.getKey())
                      .isFalse();
                  check(where + "." + field.getKey(), property, field.getValue());
                });
      }
      case "array" -> {
        assertThat(value.isArray()).as("%s is an array", where).isTrue();
        for (JsonNode item : value) {
          check(where + "[]", schema.get("items"), item);
        }
      }
      case "string" -> assertThat(value.isTextual()).as("%s is text", where).isTrue();
      case "integer" -> assertThat(value.isIntegralNumber()).as("%s is a number", where).isTrue();
      case "boolean" -> assertThat(value.isBoolean()).as("%s is true or false", where).isTrue();
      default -> {
        // described elsewhere, as the protocol of TradingView
      }
    }
  }

  private JsonNode resolve(JsonNode node) {
    String reference = node.path("$ref").asText();
    return reference.isEmpty() ? node : description.at(reference.substring(1));
  }
}
