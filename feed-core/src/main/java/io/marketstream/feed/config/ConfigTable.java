package io.marketstream.feed.config;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;

/** Generates the configuration table of a connector's documentation from its definition. */
public final class ConfigTable {

  private ConfigTable() {}

  /**
   * Returns a Markdown table for each group, with its keys in the order in which a form shows them.
   */
  public static String markdown(ConfigDef definition) {
    return definition.groups().stream()
        .map(group -> section(group, definition))
        .collect(Collectors.joining("\n"));
  }

  private static String section(String group, ConfigDef definition) {
    List<ConfigKey> keys =
        definition.configKeys().values().stream()
            .filter(key -> group.equals(key.group))
            .sorted((a, b) -> Integer.compare(a.orderInGroup, b.orderInGroup))
            .toList();
    StringBuilder table = new StringBuilder();
    table.append("**").append(group).append("**\n\n");
    table.append("| key | type | default | valid | meaning |\n|---|---|---|---|---|\n");
    for (ConfigKey key : keys) {
      table
          .append("| `")
          .append(key.name)
          .append("` | ")
          .append(key.type.name().toLowerCase(Locale.ROOT))
          .append(" | ")
          .append(defaultOf(key))
          .append(" | ")
          .append(key.validator == null ? "" : cell(key.validator.toString()))
          .append(" | ")
          .append(cell(key.documentation))
          .append(" |\n");
    }
    return table.toString();
  }

  private static String defaultOf(ConfigKey key) {
    if (!key.hasDefault()) {
      return "required";
    }
    String value = ConfigDef.convertToString(key.defaultValue, key.type);
    return value == null || value.isEmpty() ? "none" : "`" + value + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
