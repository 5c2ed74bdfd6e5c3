"""The second painter: an autoencoder on the art, and a memory of the art's latents that music and noise choose from."""
