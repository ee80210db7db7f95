/** The result of an audit: counts and findings, and how they are written as text and as JSON. */
package io.marketstream.auditor.report;
