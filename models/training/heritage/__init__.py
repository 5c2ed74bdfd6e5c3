"""The heritage GAN: the networks of the research code that Klangbild's idea comes from, trained on our pairs.

An unconditional discriminator judges pictures alone; the generator takes the embedding as if it were more noise. Nothing
rewards it for heeding the music, and the model card says how far it does. The networks are kept as they were (`networks.py`);
how they are trained is our own (`train.py`).
"""
