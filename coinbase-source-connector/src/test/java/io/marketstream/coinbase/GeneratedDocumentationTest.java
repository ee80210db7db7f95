package io.marketstream.coinbase;

import io.marketstream.feed.harness.GeneratedDocumentationContract;

class GeneratedDocumentationTest extends GeneratedDocumentationContract {

  GeneratedDocumentationTest() {
    super("coinbase.md", CoinbaseSourceConfig.definition());
  }
}
