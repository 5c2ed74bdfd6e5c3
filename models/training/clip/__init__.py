"""Art-CLIP: an audio tower and a picture tower that meet in one embedding space.

After Radford et al., "Learning Transferable Visual Models From Natural Language Supervision" (2021), with music in the place
of text and pictures painted from that music's look; the audio side learns from a tagger besides, as Wav2CLIP's does from CLIP.
"""
