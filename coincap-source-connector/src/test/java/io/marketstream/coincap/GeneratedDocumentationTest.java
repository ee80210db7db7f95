package io.marketstream.coincap;

import io.marketstream.feed.harness.GeneratedDocumentationContract;

class GeneratedDocumentationTest extends GeneratedDocumentationContract {

  GeneratedDocumentationTest() {
    super("coincap.md", CoinCapSourceConfig.definition());
  }
}
