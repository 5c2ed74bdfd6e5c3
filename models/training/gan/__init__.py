"""The generator: a look and a seed to a picture, painted by a structured decoder and finished by a learned residual."""
