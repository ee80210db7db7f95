package io.marketstream.embedded.component;

import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;

/** A Kafka broker in KRaft mode, alone or in a cluster. */
public interface KafkaBroker extends Component {
  /** Returns {@code host:port,...} of all brokers of the cluster, for clients. */
  String bootstrapServers();

  /** Returns the cluster id in the broker's storage. Call it after the first start. */
  String clusterId();

  /** Opens an admin client. The caller closes it. */
  default Admin admin() {
    return Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
  }
}
