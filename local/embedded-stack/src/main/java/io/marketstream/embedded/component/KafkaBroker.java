package io.marketstream.embedded.component;

import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;

/** A Kafka broker in KRaft mode, alone or of a cluster. */
public interface KafkaBroker extends Component {
  /** {@code host:port,...} for clients: it and the other brokers of its cluster. */
  String bootstrapServers();

  /** The id of its cluster, as its storage has it. Known once it was started. */
  String clusterId();

  /** A new admin client; the caller closes it. */
  default Admin admin() {
    return Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
  }
}
