package io.marketstream.pipeline.api;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** A thin line in a picture of the page, in the colour of a rise or a fall. */
final class LinePixels {
  /** Between the green and the red part of a colour. Pixels at the edge of a line are paler. */
  private static final int MIN_DIFFERENCE = 30;

  private final BufferedImage image;

  LinePixels(byte[] png) {
    try {
      this.image = ImageIO.read(new ByteArrayInputStream(png));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long green() {
    return count(1);
  }

  long red() {
    return count(-1);
  }

  /** The columns that the line passes, as shares of its width. A minute is a column. */
  boolean isDrawnAt(double share) {
    return !Double.isNaN(middle(column(share)));
  }

  /** How high the line is at a share of its width: 0 at its lowest point, 1 at its highest. */
  double heightAt(double share) {
    double top = Double.MAX_VALUE;
    double bottom = 0;
    for (int x = first(); x <= last(); x++) {
      double y = middle(x);
      if (!Double.isNaN(y)) {
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
    }
    return (bottom - middle(column(share))) / (bottom - top);
  }

  private int column(double share) {
    return (int) Math.round(first() + share * (last() - first()));
  }

  private int first() {
    for (int x = 0; x < image.getWidth(); x++) {
      if (!Double.isNaN(middle(x))) {
        return x;
      }
    }
    throw new AssertionError("there is no line");
  }

  private int last() {
    for (int x = image.getWidth() - 1; x >= 0; x--) {
      if (!Double.isNaN(middle(x))) {
        return x;
      }
    }
    throw new AssertionError("there is no line");
  }

  /** The middle of the line's pixels in a column; NaN if it has none. */
  private double middle(int x) {
    double sum = 0;
    double weights = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      int difference = Math.abs(greenOverRed(x, y));
      if (difference >= MIN_DIFFERENCE) {
        sum += (double) y * difference;
        weights += difference;
      }
    }
    return weights == 0 ? Double.NaN : sum / weights;
  }

  private long count(int sign) {
    long found = 0;
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        found += sign * greenOverRed(x, y) >= MIN_DIFFERENCE ? 1 : 0;
      }
    }
    return found;
  }

  private int greenOverRed(int x, int y) {
    int color = image.getRGB(x, y);
    return ((color >> 8) & 0xff) - ((color >> 16) & 0xff);
  }
}
