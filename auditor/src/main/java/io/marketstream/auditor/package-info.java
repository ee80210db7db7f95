/**
 * Holds what a pipeline kept against what it was sent. Pure: values in, findings out; no I/O and no
 * clock. It shares no code with the connectors and the job, whose work it judges.
 */
package io.marketstream.auditor;
