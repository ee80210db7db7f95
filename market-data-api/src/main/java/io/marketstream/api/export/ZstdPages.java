package io.marketstream.api.export;

import io.airlift.compress.zstd.ZstdCompressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Compresses the pages of a Parquet file with Zstandard in Java. Parquet's own codecs need Hadoop
 * and native libraries.
 */
final class ZstdPages implements CompressionCodecFactory {

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    if (codec != CompressionCodecName.ZSTD) {
      throw new IllegalArgumentException("only ZSTD is written, not " + codec);
    }
    return new Compressor();
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    throw new UnsupportedOperationException("files are only written");
  }

  @Override
  public void release() {
    // Nothing is held.
  }

  private static final class Compressor implements BytesInputCompressor {
    private final ZstdCompressor zstd = new ZstdCompressor();
    private byte[] buffer = new byte[0];

    /** The result is valid until the next call, as Parquet expects. */
    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
      ByteArrayOutputStream copy = new ByteArrayOutputStream(Math.toIntExact(bytes.size()));
      bytes.writeAllTo(copy);
      byte[] input = copy.toByteArray();
      int longest = zstd.maxCompressedLength(input.length);
      if (buffer.length < longest) {
        buffer = new byte[longest];
      }
      int length = zstd.compress(input, 0, input.length, buffer, 0, buffer.length);
      return BytesInput.from(buffer, 0, length);
    }

    @Override
    public CompressionCodecName getCodecName() {
      return CompressionCodecName.ZSTD;
    }

    @Override
    public void release() {
      buffer = new byte[0];
    }
  }
}
