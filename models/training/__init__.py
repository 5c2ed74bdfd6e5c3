"""How the trained packs are made: music, art, an encoder that listens, and generators that paint."""
