/**
 * The rules of the audit: they judge the evidence of one symbol and return findings. Pure: values
 * in, findings out, no I/O and no clock. They share no code with the connectors and the job, whose
 * work they judge.
 */
@NullMarked
package io.marketstream.auditor.check;

import org.jspecify.annotations.NullMarked;
