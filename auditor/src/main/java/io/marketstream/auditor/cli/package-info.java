/** The command: its options, what it says and how it ends. */
package io.marketstream.auditor.cli;
