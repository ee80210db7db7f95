package io.marketstream.local.component;

import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;

/** A single Kafka broker in KRaft mode. */
public interface KafkaBroker extends Component {
  /** {@code host:port} for clients. */
  String bootstrapServers();

  /** A new admin client; the caller closes it. */
  default Admin admin() {
    return Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
  }
}
