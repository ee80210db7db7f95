package io.marketstream.toy;

import io.marketstream.feed.buffer.BufferConfig;
import io.marketstream.feed.config.ConfigValidators;
import io.marketstream.feed.protocol.Credential;
import io.marketstream.feed.record.RecordsConfig;
import io.marketstream.feed.session.ConnectionConfig;
import io.marketstream.feed.task.FeedTaskConfig;
import io.marketstream.feed.websocket.NetworkConfig;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The toy feed's three keys, and those of every feed. */
final class ToySourceConfig extends AbstractConfig {

  static final String KEY = "toy.key";
  static final String SYMBOLS = "toy.symbols";
  static final String URL = "toy.websocket.url";
  private static final String GROUP = "Toy";

  ToySourceConfig(Map<String, String> properties) {
    super(definition(), properties, false);
  }

  static ConfigDef definition() {
    ConfigDef def =
        new ConfigDef()
            .define(
                KEY,
                ConfigDef.Type.PASSWORD,
                ConfigDef.NO_DEFAULT_VALUE,
                ConfigValidators.credential("TOY_KEY"),
                Importance.HIGH,
                "The key.",
                GROUP,
                1,
                Width.LONG,
                "Key")
            .define(
                SYMBOLS,
                ConfigDef.Type.LIST,
                ConfigDef.NO_DEFAULT_VALUE,
                Importance.HIGH,
                "The symbols.",
                GROUP,
                2,
                Width.LONG,
                "Symbols")
            .define(
                URL,
                ConfigDef.Type.STRING,
                "wss://toy.example",
                ConfigValidators.websocketUrl(),
                Importance.LOW,
                "The websocket, without the key.",
                GROUP,
                3,
                Width.MEDIUM,
                "Websocket URL");
    RecordsConfig.update(def, "toy");
    ConnectionConfig.update(def, 30_000, 0);
    NetworkConfig.update(def);
    return BufferConfig.update(def);
  }

  FeedTaskConfig toTaskConfig() {
    Credential key = new Credential(KEY, getPassword(KEY).value());
    return new FeedTaskConfig(
        new ToyProtocol(getString(URL), key, getList(SYMBOLS)),
        RecordsConfig.topicNames(this),
        ConnectionConfig.sessionSettings(this, Duration.ZERO),
        RecordsConfig.heartbeatInterval(this),
        BufferConfig.capacity(this),
        BufferConfig.policy(this));
  }
}
