/** The result of an audit: counts and findings, and how they are written as text and as JSON. */
@NullMarked
package io.marketstream.auditor.report;

import org.jspecify.annotations.NullMarked;
