package io.marketstream.finnhub;

import io.marketstream.feed.harness.GeneratedDocumentationContract;

class GeneratedDocumentationTest extends GeneratedDocumentationContract {

  GeneratedDocumentationTest() {
    super("finnhub.md", FinnhubSourceConfig.definition());
  }
}
