package io.marketstream.pipeline.containers;

/**
 * The images of the containers. The profile {@code containers} gives them. By default they are the
 * official images in the versions of the root pom.
 *
 * @param kafka for the broker and the Connect worker
 * @param cassandra for the node
 * @param spark for the job
 */
record ContainerImages(String kafka, String cassandra, String spark) {
  private static final String PREFIX = "marketstream.containers.";

  static ContainerImages fromSystemProperties() {
    return new ContainerImages(image("kafka"), image("cassandra"), image("spark"));
  }

  private static String image(String product) {
    String image = System.getProperty(PREFIX + product + ".image", "");
    if (image.isEmpty()) {
      throw new IllegalStateException(
          "The system property "
              + PREFIX
              + product
              + ".image is not set. Run the tests with mvn verify -Pcontainers");
    }
    return image;
  }
}
