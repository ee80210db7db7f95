package io.marketstream.feed.config;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * The configuration values of one validation, for rules that connect several keys. Each rule looks
 * only at values that are valid by themselves. An error is added to the key that has to change.
 */
public final class CrossChecks {

  private final Map<String, ConfigValue> values;

  /**
   * @param values the values to check, which collect the errors
   */
  public CrossChecks(Collection<ConfigValue> values) {
    this.values = values.stream().collect(Collectors.toMap(ConfigValue::name, Function.identity()));
  }

  /**
   * Replaces the errors of each value that is an unresolved reference by the error that says so.
   * Otherwise the error would only say that the type or the choice is wrong.
   *
   * @param written the values as the user wrote them
   */
  public static List<ConfigValue> unresolved(
      Collection<ConfigValue> all, Map<String, String> written) {
    return all.stream()
        .map(
            value -> {
              String text = written.get(value.name());
              return text != null
                      && !value.errorMessages().isEmpty()
                      && TextRules.isUnresolved(text)
                  ? new ConfigValue(
                      value.name(),
                      value.value(),
                      value.recommendedValues(),
                      List.of(value.name() + ": " + TextRules.UNRESOLVED))
                  : value;
            })
        .toList();
  }

  /** Whether the key has a valid value that is not empty. */
  public boolean isGiven(String key) {
    return given(key) != null;
  }

  private static boolean isEmpty(Object value) {
    // An empty string in a connector's JSON becomes an empty password.
    return value instanceof Password password ? "".equals(password.value()) : value.equals("");
  }

  private @Nullable ConfigValue valid(String key) {
    ConfigValue value = values.get(key);
    return value != null && value.errorMessages().isEmpty() ? value : null;
  }

  /** The value of the key, if it is given and valid; otherwise null. */
  public @Nullable Object given(String key) {
    ConfigValue valid = valid(key);
    Object value = valid == null ? null : valid.value();
    return value == null || isEmpty(value) ? null : value;
  }

  /** The number of the key, if it is valid; otherwise null. */
  public @Nullable Long number(String key) {
    ConfigValue valid = valid(key);
    return valid != null && valid.value() instanceof Long number ? number : null;
  }

  /** Adds an error to the key. The message starts with the name of the key. */
  public void addError(String key, String problem) {
    ConfigValue value =
        Objects.requireNonNull(values.get(key), () -> key + " is not a key of the connector");
    value.addErrorMessage(key + ": " + problem);
  }

  /** Adds an error to {@code needed} if {@code given} has a value and {@code needed} has none. */
  public void requireTogether(String given, String needed) {
    if (isGiven(given) && valid(needed) != null && !isGiven(needed)) {
      addError(needed, "must be set together with " + given);
    }
  }
}
