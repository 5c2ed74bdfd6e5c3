"""The numbers and names that a Klangbild pack agrees on: everything else may differ from pack to pack."""

SAMPLE_RATE_HZ = 16_000
WINDOW_S = 3.0
WINDOW_SAMPLES = int(SAMPLE_RATE_HZ * WINDOW_S)
EMBEDDING_DIM = 512
LATENT_DIM = 64
IMAGE_PX = 256

# ONNX operator set: new enough for every operator used here, old enough for every execution provider.
OPSET = 17
