#!/usr/bin/env bash
# A configuration with the defaults of a distribution where they matter here, then the node.
set -euo pipefail
address=$(hostname -i | cut -d ' ' -f 1)
cat >/tmp/cassandra.yaml <<YAML
cluster_name: ${CASSANDRA_CLUSTER_NAME:-Test Cluster}
num_tokens: 16
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
listen_address: $address
rpc_address: 0.0.0.0
broadcast_rpc_address: $address
native_transport_port: 9042
storage_port: 7000
seed_provider: [{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds: '$address'}]}]
commitlog_sync: periodic
commitlog_sync_period: 10000ms
commitlog_directory: /var/lib/cassandra/commitlog
hints_directory: /var/lib/cassandra/hints
saved_caches_directory: /var/lib/cassandra/saved_caches
cdc_raw_directory: /var/lib/cassandra/cdc_raw
data_file_directories: [/var/lib/cassandra/data]
YAML
# What the start script of Cassandra gives a JVM 17.
options=()
for name in java.base/jdk.internal.misc java.base/java.lang.ref java.management.rmi/com.sun.jmx.remote.internal.rmi \
  java.rmi/sun.rmi.registry java.rmi/sun.rmi.server java.sql/java.sql jdk.attach/sun.tools.attach \
  jdk.compiler/com.sun.tools.javac.file jdk.unsupported/sun.misc; do
  options+=("--add-exports=$name=ALL-UNNAMED")
done
for name in java.base/java.io java.base/java.lang java.base/java.lang.module java.base/java.lang.reflect java.base/java.util \
  java.base/jdk.internal.loader java.base/jdk.internal.math java.base/jdk.internal.module java.base/jdk.internal.ref \
  java.base/jdk.internal.reflect java.base/jdk.internal.util.jar java.base/sun.nio.ch jdk.compiler/com.sun.tools.javac \
  jdk.management/com.sun.management.internal; do
  options+=("--add-opens=$name=ALL-UNNAMED")
done
# shellcheck disable=SC2086 # several options in one variable
exec java "-Xmx${MAX_HEAP_SIZE:-1G}" -XX:+UseG1GC -Xss512k "${options[@]}" -Djdk.attach.allowAttachSelf=true \
  -Dio.netty.tryReflectionSetAccessible=true -Djava.awt.headless=true -Dcassandra.config=file:/tmp/cassandra.yaml \
  -Dcassandra.storagedir=/var/lib/cassandra -Dcassandra.logdir=/var/log/cassandra -Dcassandra-foreground=yes \
  ${JVM_EXTRA_OPTS:-} -cp '/opt/cassandra/lib/*' org.apache.cassandra.service.CassandraDaemon
