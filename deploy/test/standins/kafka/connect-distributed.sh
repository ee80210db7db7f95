#!/usr/bin/env bash
# What the script of this name does for a worker that has KAFKA_HEAP_OPTS and KAFKA_LOG4J_OPTS.
exec java ${KAFKA_HEAP_OPTS:--Xms256M -Xmx2G} ${KAFKA_LOG4J_OPTS:-} ${KAFKA_OPTS:-} -cp '/opt/kafka/libs/*' \
  org.apache.kafka.connect.cli.ConnectDistributed "$@"
